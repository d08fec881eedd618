ALTER TABLE "users" ALTER COLUMN "age" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard narrowing-cast: users.age becomes integer: a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of users is rewritten
ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE integer USING "age"::integer;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "age" SET DEFAULT 1;