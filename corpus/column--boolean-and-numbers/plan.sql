ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.a becomes integer: a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer USING "a"::integer;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.b becomes numeric(3): a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE numeric(3) USING "b"::integer::numeric(3);--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "c" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.c becomes boolean: a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "c" SET DATA TYPE boolean USING "c" <> 0;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "c" SET DEFAULT true;--> statement-breakpoint
-- driftless: hazard narrowing-cast: t.d becomes boolean: a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of t is rewritten
ALTER TABLE "t" ALTER COLUMN "d" SET DATA TYPE boolean USING "d"::boolean;