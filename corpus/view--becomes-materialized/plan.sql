-- driftless: hazard drop-materialized-view: materialized view m and its rows are dropped
DROP MATERIALIZED VIEW "public"."m";--> statement-breakpoint
DROP VIEW "public"."v";--> statement-breakpoint
CREATE VIEW "public"."m" AS (select "id" from "t");--> statement-breakpoint
CREATE MATERIALIZED VIEW "public"."v" AS (select "id" from "t") WITH NO DATA;