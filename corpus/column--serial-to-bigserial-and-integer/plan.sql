-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint USING "a"::bigint;--> statement-breakpoint
ALTER SEQUENCE "t_a_seq" AS bigint;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "b" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard drop-sequence: the sequence behind t.b and its position are dropped
DROP SEQUENCE "t_b_seq";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "c" SET DATA TYPE integer USING "c"::integer;--> statement-breakpoint
ALTER SEQUENCE "t_c_seq" AS integer;