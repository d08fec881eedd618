ALTER TABLE "a" DROP CONSTRAINT "a_b_b_id_fk";--> statement-breakpoint
ALTER TABLE "b" DROP CONSTRAINT "b_a_a_id_fk";--> statement-breakpoint
-- driftless: hazard drop-table: table a and its rows are dropped
DROP TABLE "a";--> statement-breakpoint
-- driftless: hazard drop-table: table b and its rows are dropped
DROP TABLE "b";