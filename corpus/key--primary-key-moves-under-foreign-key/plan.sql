ALTER TABLE "b" DROP CONSTRAINT "b_a_a_id_fk";--> statement-breakpoint
ALTER TABLE "a" DROP CONSTRAINT "a_code_unique";--> statement-breakpoint
ALTER TABLE "a" DROP CONSTRAINT "a_pkey";--> statement-breakpoint
-- driftless: hazard unique-build: a is read and indexed while everybody waits; NULLs and duplicates stop the migration
ALTER TABLE "a" ADD CONSTRAINT "a_pkey" PRIMARY KEY("code");--> statement-breakpoint
-- driftless: hazard unique-build: a is read and indexed while everybody waits; duplicates stop the migration
ALTER TABLE "a" ADD CONSTRAINT "a_id_unique" UNIQUE("id");--> statement-breakpoint
-- driftless: hazard validate-rows: every row of b is looked up in a while writers of both wait; one without a match stops the migration
ALTER TABLE "b" ADD CONSTRAINT "b_a_a_id_fk" FOREIGN KEY ("a") REFERENCES "public"."a"("id") ON DELETE no action ON UPDATE no action;