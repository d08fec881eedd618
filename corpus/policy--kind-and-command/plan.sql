-- driftless: hazard row-security: rows change hands without policy a of t
DROP POLICY "a" ON "t";--> statement-breakpoint
CREATE POLICY "a" ON "t" AS RESTRICTIVE FOR UPDATE TO public USING (true) WITH CHECK (id > 0);--> statement-breakpoint
CREATE POLICY "b" ON "t" AS PERMISSIVE FOR ALL TO public USING (id in (select id from t));