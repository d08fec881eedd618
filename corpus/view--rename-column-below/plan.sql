ALTER TABLE "t" RENAME COLUMN "a" TO "b";--> statement-breakpoint
DROP VIEW "public"."v";--> statement-breakpoint
CREATE VIEW "public"."v" AS (select "id", "b" from "t");