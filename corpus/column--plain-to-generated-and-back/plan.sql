-- driftless: hazard drop-column: column t.b and its values are dropped
ALTER TABLE "t" DROP COLUMN "b";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten to fill t.b
ALTER TABLE "t" ADD COLUMN "b" integer GENERATED ALWAYS AS (a * 2) STORED;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "c" DROP EXPRESSION;