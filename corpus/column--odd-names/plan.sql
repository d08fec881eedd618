ALTER TABLE "Odd ""table""" ADD COLUMN "with ""quotes""" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "Odd ""table""" ADD COLUMN "a.b" text;--> statement-breakpoint
-- driftless: hazard unique-build: Odd "table" is read and indexed while everybody waits; duplicates stop the migration
ALTER TABLE "Odd ""table""" ADD CONSTRAINT "u ""x""" UNIQUE("with ""quotes""");--> statement-breakpoint
-- driftless: hazard validate-rows: every row of Odd "table" is checked while everybody waits; one that fails stops the migration
ALTER TABLE "Odd ""table""" ADD CONSTRAINT "c;--'x" CHECK ("Odd ""table"""."a.b" <> 'a;b--c');--> statement-breakpoint
-- driftless: hazard index-build: writers of Odd "table" wait while i "x" is built
CREATE INDEX "i ""x""" ON "Odd ""table""" USING btree ("a.b");