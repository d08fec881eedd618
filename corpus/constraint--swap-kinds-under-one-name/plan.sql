ALTER TABLE "t" DROP CONSTRAINT "y";--> statement-breakpoint
ALTER TABLE "t" DROP CONSTRAINT "x";--> statement-breakpoint
-- driftless: hazard unique-build: t is read and indexed while everybody waits; duplicates stop the migration
ALTER TABLE "t" ADD CONSTRAINT "y" UNIQUE("a");--> statement-breakpoint
-- driftless: hazard validate-rows: every row of t is checked while everybody waits; one that fails stops the migration
ALTER TABLE "t" ADD CONSTRAINT "x" CHECK (a > 0);