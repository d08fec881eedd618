ALTER TABLE "users" RENAME TO "people";--> statement-breakpoint
ALTER SEQUENCE IF EXISTS "users_id_seq" RENAME TO "people_id_seq";--> statement-breakpoint
ALTER INDEX IF EXISTS "users_pkey" RENAME TO "people_pkey";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of people is rewritten
ALTER TABLE "people" ALTER COLUMN "age" SET DATA TYPE bigint USING "age"::bigint;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "mail" text;