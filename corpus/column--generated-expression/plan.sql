DROP INDEX "by_c";--> statement-breakpoint
ALTER TABLE "t" DROP CONSTRAINT "c_small";--> statement-breakpoint
-- driftless: hazard recompute-column: the computed values of t.c are dropped
ALTER TABLE "t" DROP COLUMN "c";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten to fill t.c
ALTER TABLE "t" ADD COLUMN "c" integer GENERATED ALWAYS AS (a + 2) STORED;--> statement-breakpoint
-- driftless: hazard validate-rows: every row of t is checked while everybody waits; one that fails stops the migration
ALTER TABLE "t" ADD CONSTRAINT "c_small" CHECK (c < 100);--> statement-breakpoint
-- driftless: hazard index-build: writers of t wait while by_c is built
CREATE INDEX "by_c" ON "t" USING btree ("c");