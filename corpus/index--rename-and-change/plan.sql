ALTER INDEX "i" RENAME TO "j";--> statement-breakpoint
ALTER POLICY "p" ON "t" RENAME TO "q";--> statement-breakpoint
DROP INDEX "j";--> statement-breakpoint
-- driftless: hazard index-build: writers of t wait while j is built
CREATE INDEX "j" ON "t" USING btree ("a", "b");--> statement-breakpoint
-- driftless: hazard row-security: policy q of t changes: roles see and write other rows than before
ALTER POLICY "q" ON "t" USING (a = 2);