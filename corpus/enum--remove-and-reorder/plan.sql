DROP VIEW "public"."v";--> statement-breakpoint
DROP INDEX "oks";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text USING "m"::text;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "ms" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "ms" SET DATA TYPE text[] USING "ms"::text[];--> statement-breakpoint
-- driftless: hazard drop-enum-value: enum mood loses 'gone': the migration fails while a row holds it
DROP TYPE "public"."mood";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'ok';--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "ms" SET DATA TYPE "public"."mood"[] USING "ms"::"public"."mood"[];--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "ms" SET DEFAULT '{"ok"}';--> statement-breakpoint
-- driftless: hazard index-build: writers of t wait while oks is built
CREATE INDEX "oks" ON "t" USING btree ("id") WHERE m = 'ok';--> statement-breakpoint
CREATE VIEW "public"."v" AS (select "id", "m", "ms" from "t");