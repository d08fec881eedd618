-- driftless: hazard drop-table: table app.users and its rows are dropped
DROP TABLE "app"."users";--> statement-breakpoint
DROP TYPE "app"."mood";--> statement-breakpoint
-- driftless: hazard drop-schema: schema app is dropped
DROP SCHEMA "app";