CREATE SCHEMA "app";--> statement-breakpoint
ALTER TABLE "users" SET SCHEMA "app";