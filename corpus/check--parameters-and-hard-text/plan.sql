-- driftless: hazard validate-rows: every row of users is checked while everybody waits; one that fails stops the migration
ALTER TABLE "users" ADD CONSTRAINT "adult" CHECK (("users"."age" > 17 and "users"."age" < 150));--> statement-breakpoint
-- driftless: hazard validate-rows: every row of users is checked while everybody waits; one that fails stops the migration
ALTER TABLE "users" ADD CONSTRAINT "named" CHECK ("users"."name" <> 'a;b--c''d');--> statement-breakpoint
-- driftless: hazard index-build: writers of users wait while a_names is built
CREATE INDEX "a_names" ON "users" USING btree ("name") WHERE "users"."name" like 'a%';