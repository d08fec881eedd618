-- driftless: hazard row-security: policy a of t is dropped: roles see and write other rows than before
DROP POLICY "a" ON "t";--> statement-breakpoint
CREATE POLICY "a" ON "t" AS RESTRICTIVE FOR UPDATE TO public USING (true) WITH CHECK (id > 0);--> statement-breakpoint
CREATE POLICY "b" ON "t" AS PERMISSIVE FOR ALL TO public USING (id in (select id from t));