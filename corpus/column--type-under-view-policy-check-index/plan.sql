DROP POLICY "mine" ON "t";--> statement-breakpoint
DROP VIEW "public"."deep";--> statement-breakpoint
DROP VIEW "public"."open";--> statement-breakpoint
DROP INDEX "open_ones";--> statement-breakpoint
ALTER TABLE "t" DROP CONSTRAINT "known";--> statement-breakpoint
CREATE TYPE "public"."status" AS ENUM('open', 'shut');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "status" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.status becomes "public"."status": a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "status" SET DATA TYPE "public"."status" USING "status"::"public"."status";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "status" SET DEFAULT 'open';--> statement-breakpoint
-- driftless: hazard validate-rows: every row of t is checked while everybody waits; one that fails stops the migration
ALTER TABLE "t" ADD CONSTRAINT "known" CHECK ("t"."status" IN ('open', 'shut'));--> statement-breakpoint
-- driftless: hazard index-build: writers of t wait while open_ones is built
CREATE INDEX "open_ones" ON "t" USING btree ("id") WHERE "t"."status" = 'open';--> statement-breakpoint
CREATE VIEW "public"."open" AS (select "id", "status", "owner" from "t");--> statement-breakpoint
CREATE VIEW "public"."deep" AS (select "status" from "open");--> statement-breakpoint
CREATE POLICY "mine" ON "t" AS PERMISSIVE FOR SELECT TO public USING ("t"."status" = 'open');