ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text USING "m"::text;--> statement-breakpoint
-- driftless: hazard drop-enum-value: enum mood loses 'gone': the migration fails while a row holds it
DROP TYPE "public"."mood";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'ok';