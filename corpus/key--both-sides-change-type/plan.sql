ALTER TABLE "b" DROP CONSTRAINT "b_a_a_id_fk";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of a is rewritten
ALTER TABLE "a" ALTER COLUMN "id" SET DATA TYPE text USING "id"::text;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of b is rewritten
ALTER TABLE "b" ALTER COLUMN "a" SET DATA TYPE text USING "a"::text;--> statement-breakpoint
-- driftless: hazard validate-rows: every row of b is looked up in a while writers of both wait; one without a match stops the migration
ALTER TABLE "b" ADD CONSTRAINT "b_a_a_id_fk" FOREIGN KEY ("a") REFERENCES "public"."a"("id") ON DELETE set null ON UPDATE no action;