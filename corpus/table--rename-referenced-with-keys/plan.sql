ALTER TABLE "users" RENAME TO "members";--> statement-breakpoint
ALTER SEQUENCE IF EXISTS "users_id_seq" RENAME TO "members_id_seq";--> statement-breakpoint
ALTER TABLE "posts" RENAME TO "articles";--> statement-breakpoint
ALTER INDEX IF EXISTS "posts_pkey" RENAME TO "articles_pkey";--> statement-breakpoint
ALTER INDEX IF EXISTS "users_pkey" RENAME TO "members_pkey";--> statement-breakpoint
ALTER TABLE "articles" RENAME CONSTRAINT "posts_slug_unique" TO "articles_slug_unique";--> statement-breakpoint
ALTER TABLE "articles" RENAME CONSTRAINT "posts_author_users_id_fk" TO "articles_author_members_id_fk";