ALTER TABLE "t" DROP CONSTRAINT "t_pkey";--> statement-breakpoint
-- driftless: hazard set-not-null: t.b becomes NOT NULL: this fails while a row holds NULL
ALTER TABLE "t" ALTER COLUMN "b" SET NOT NULL;--> statement-breakpoint
-- driftless: hazard unique-build: t is read and indexed while everybody waits; NULLs and duplicates stop the migration
ALTER TABLE "t" ADD CONSTRAINT "t_a_b_pk" PRIMARY KEY("a","b");