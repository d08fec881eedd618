ALTER TABLE "posts" DROP CONSTRAINT "posts_author_users_id_fk";--> statement-breakpoint
-- driftless: hazard drop-table: table users and its rows are dropped
DROP TABLE "users";