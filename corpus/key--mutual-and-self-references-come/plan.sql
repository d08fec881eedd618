CREATE TABLE "a" (
	"id" integer NOT NULL PRIMARY KEY,
	"b" integer,
	"parent" integer
);--> statement-breakpoint
CREATE TABLE "b" (
	"id" integer NOT NULL PRIMARY KEY,
	"a" integer
);--> statement-breakpoint
ALTER TABLE "a" ADD CONSTRAINT "a_b_b_id_fk" FOREIGN KEY ("b") REFERENCES "public"."b"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "a" ADD CONSTRAINT "a_parent_a_id_fk" FOREIGN KEY ("parent") REFERENCES "public"."a"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "b" ADD CONSTRAINT "b_a_a_id_fk" FOREIGN KEY ("a") REFERENCES "public"."a"("id") ON DELETE no action ON UPDATE no action;