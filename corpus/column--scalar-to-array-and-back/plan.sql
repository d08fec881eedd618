-- driftless: hazard narrowing-cast: t.a becomes text[]: a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text[] USING CASE WHEN "a" IS NULL THEN NULL ELSE ARRAY["a"]::text[] END;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.b becomes text: a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE text;