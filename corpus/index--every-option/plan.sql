-- driftless: hazard index-build: writers of users wait while i1 is built
CREATE INDEX "i1" ON "users" USING btree ("name" DESC, "age");--> statement-breakpoint
-- driftless: hazard unique-build: writers of users wait while i2 is built; duplicates stop the migration
CREATE UNIQUE INDEX "i2" ON "users" USING btree (lower("name"));--> statement-breakpoint
-- driftless: hazard index-build: writers of users wait while i3 is built
CREATE INDEX "i3" ON "users" USING gin (to_tsvector('simple', "name")) WITH (fastupdate=false);--> statement-breakpoint
-- driftless: hazard index-build: writers of users wait while i4 is built
CREATE INDEX "i4" ON "users" USING btree ("name" text_pattern_ops DESC NULLS LAST) WHERE "users"."age" > 3;--> statement-breakpoint
-- driftless: hazard index-build: writers of users wait while i5 is built
CREATE INDEX "i5" ON "users" USING hash ("name");

-- next file
-- driftless: no-transaction
CREATE INDEX CONCURRENTLY "i6" ON "users" USING btree ("id");