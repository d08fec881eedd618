CREATE VIEW "public"."z_base" AS (select "id" from "users");--> statement-breakpoint
CREATE VIEW "public"."a_top" AS (select id from z_base);