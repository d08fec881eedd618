-- driftless: hazard row-security: policy a of t is dropped: roles see and write other rows than before
DROP POLICY "a" ON "t";--> statement-breakpoint
CREATE POLICY "a" ON "t" AS PERMISSIVE FOR ALL TO public USING (name <> 'a--b;c');--> statement-breakpoint
-- driftless: hazard row-security: policy b of t changes: roles see and write other rows than before
ALTER POLICY "b" ON "t" TO "corpus admin", current_user USING (id > 1);