ALTER TABLE "t" ALTER COLUMN "e" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "e" SET DATA TYPE text USING "e"::text;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "e" SET DEFAULT 'q';--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "f" SET DATA TYPE text[] USING "f"::text[];--> statement-breakpoint
DROP TYPE "public"."a";