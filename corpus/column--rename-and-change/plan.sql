ALTER TABLE "users" RENAME COLUMN "age" TO "years";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of users is rewritten
ALTER TABLE "users" ALTER COLUMN "years" SET DATA TYPE bigint USING "years"::bigint;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "years" SET DEFAULT 0;--> statement-breakpoint
-- driftless: hazard set-not-null: users.years becomes NOT NULL: this fails while a row holds NULL
ALTER TABLE "users" ALTER COLUMN "years" SET NOT NULL;