-- driftless: hazard drop-table: table u and its rows are dropped
DROP TABLE "u";--> statement-breakpoint
CREATE VIEW "public"."u" AS (select "id" from "t");