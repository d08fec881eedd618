-- driftless: hazard row-security: policy a of t is dropped: roles see and write other rows than before
DROP POLICY "a" ON "t";--> statement-breakpoint
-- driftless: hazard row-security-off: row security of t changes: policies no longer apply: every role with a grant sees every row
ALTER TABLE "t" DISABLE ROW LEVEL SECURITY;