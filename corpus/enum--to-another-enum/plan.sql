CREATE TYPE "public"."b" AS ENUM('x', 'y', 'z');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "e" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.e becomes "public"."b": a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "e" SET DATA TYPE "public"."b" USING "e"::text::"public"."b";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "e" SET DEFAULT 'z';--> statement-breakpoint
DROP TYPE "public"."a";