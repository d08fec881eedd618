CREATE SCHEMA "app";--> statement-breakpoint
CREATE TABLE "app"."users" (
	"id" integer NOT NULL PRIMARY KEY
);--> statement-breakpoint
ALTER TABLE "app"."users" ADD CONSTRAINT "users_id_users_id_fk" FOREIGN KEY ("id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;