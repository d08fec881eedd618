ALTER TABLE "old" RENAME TO "new";--> statement-breakpoint
ALTER INDEX IF EXISTS "old_pkey" RENAME TO "new_pkey";--> statement-breakpoint
ALTER TABLE "new" RENAME CONSTRAINT "old_a_unique" TO "new_a_unique";--> statement-breakpoint
ALTER INDEX "old_a_index" RENAME TO "new_a_index";--> statement-breakpoint
ALTER SEQUENCE "old_id_seq" RENAME TO "new_id_seq";