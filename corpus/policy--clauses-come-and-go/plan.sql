-- driftless: hazard row-security: rows change hands without policy a of t
DROP POLICY "a" ON "t";--> statement-breakpoint
CREATE POLICY "a" ON "t" AS PERMISSIVE FOR ALL TO public USING (name <> 'a--b;c');--> statement-breakpoint
-- driftless: hazard row-security: rows change hands by policy b of t
ALTER POLICY "b" ON "t" TO "corpus admin", current_user USING (id > 1);