-- driftless: hazard drop-materialized-view: materialized view m and its rows are dropped
DROP MATERIALIZED VIEW "public"."m";--> statement-breakpoint
DROP VIEW "public"."v";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint USING "a"::bigint;--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "come" text;--> statement-breakpoint
-- driftless: hazard drop-column: column t.gone and its values are dropped
ALTER TABLE "t" DROP COLUMN "gone";--> statement-breakpoint
CREATE VIEW "public"."v" AS (select "id", "a", "come" from "t");--> statement-breakpoint
CREATE MATERIALIZED VIEW "public"."m" AS (select "a" from "v");