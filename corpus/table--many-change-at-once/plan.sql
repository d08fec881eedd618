ALTER TABLE "a" RENAME TO "aa";--> statement-breakpoint
ALTER SEQUENCE IF EXISTS "a_id_seq" RENAME TO "aa_id_seq";--> statement-breakpoint
ALTER TABLE "aa" RENAME COLUMN "n" TO "amount";--> statement-breakpoint
ALTER INDEX IF EXISTS "a_pkey" RENAME TO "aa_pkey";--> statement-breakpoint
DROP VIEW "public"."v";--> statement-breakpoint
DROP INDEX "a_n";--> statement-breakpoint
ALTER TABLE "b" DROP CONSTRAINT "b_a_a_id_fk";--> statement-breakpoint
ALTER TABLE "aa" DROP CONSTRAINT "n_positive";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of aa is rewritten
ALTER TABLE "aa" ALTER COLUMN "id" SET DATA TYPE bigint USING "id"::bigint;--> statement-breakpoint
ALTER SEQUENCE "aa_id_seq" AS bigint;--> statement-breakpoint
ALTER TABLE "aa" ALTER COLUMN "kind" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of aa is rewritten
ALTER TABLE "aa" ALTER COLUMN "kind" SET DATA TYPE text USING "kind"::text;--> statement-breakpoint
ALTER TABLE "aa" ALTER COLUMN "amount" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard narrowing-cast: aa.amount becomes numeric(10, 2): a value that does not fit stops the migration or loses precision
-- driftless: hazard table-rewrite: every row of aa is rewritten
ALTER TABLE "aa" ALTER COLUMN "amount" SET DATA TYPE numeric(10, 2) USING "amount"::numeric(10, 2);--> statement-breakpoint
ALTER TABLE "aa" ALTER COLUMN "amount" SET DEFAULT '1';--> statement-breakpoint
ALTER TABLE "aa" ADD COLUMN "come" text DEFAULT 'x' NOT NULL;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of b is rewritten
ALTER TABLE "b" ALTER COLUMN "a" SET DATA TYPE bigint USING "a"::bigint;--> statement-breakpoint
ALTER TABLE "b" ALTER COLUMN "a" DROP NOT NULL;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of b is rewritten
ALTER TABLE "b" ALTER COLUMN "kind" SET DATA TYPE text USING "kind"::text;--> statement-breakpoint
DROP TYPE "public"."kind";--> statement-breakpoint
CREATE TYPE "public"."kind" AS ENUM('b', 'c', 'a');--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of aa is rewritten
ALTER TABLE "aa" ALTER COLUMN "kind" SET DATA TYPE "public"."kind" USING "kind"::"public"."kind";--> statement-breakpoint
ALTER TABLE "aa" ALTER COLUMN "kind" SET DEFAULT 'a';--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of b is rewritten
ALTER TABLE "b" ALTER COLUMN "kind" SET DATA TYPE "public"."kind"[] USING CASE WHEN "kind" IS NULL THEN NULL ELSE ARRAY["kind"::"public"."kind"]::"public"."kind"[] END;--> statement-breakpoint
-- driftless: hazard validate-rows: every row of aa is checked while everybody waits; one that fails stops the migration
ALTER TABLE "aa" ADD CONSTRAINT "n_positive" CHECK ("aa"."amount" > 1 OR "aa"."amount" = 1);--> statement-breakpoint
-- driftless: hazard validate-rows: every row of b is looked up in aa while writers of both wait; one without a match stops the migration
ALTER TABLE "b" ADD CONSTRAINT "b_a_aa_id_fk" FOREIGN KEY ("a") REFERENCES "public"."aa"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
-- driftless: hazard index-build: writers of aa wait while a_n is built
CREATE INDEX "a_n" ON "aa" USING btree ("amount" DESC NULLS LAST);--> statement-breakpoint
CREATE VIEW "public"."v" AS (select "amount", "kind" from "aa");--> statement-breakpoint
-- driftless: hazard drop-column: column aa.gone and its values are dropped
ALTER TABLE "aa" DROP COLUMN "gone";