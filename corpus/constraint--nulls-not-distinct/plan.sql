ALTER TABLE "t" DROP CONSTRAINT "t_a_unique";--> statement-breakpoint
-- driftless: hazard unique-build: t is read and indexed while everybody waits; duplicates stop the migration
ALTER TABLE "t" ADD CONSTRAINT "t_a_unique" UNIQUE NULLS NOT DISTINCT("a");