ALTER TABLE "a" RENAME COLUMN "y" TO "why";--> statement-breakpoint
ALTER TABLE "a" RENAME COLUMN "u" TO "mail";--> statement-breakpoint
ALTER TABLE "b" RENAME COLUMN "y" TO "why";--> statement-breakpoint
ALTER TABLE "a" RENAME CONSTRAINT "a_x_y_pk" TO "a_x_why_pk";--> statement-breakpoint
ALTER TABLE "a" RENAME CONSTRAINT "a_u_unique" TO "a_mail_unique";--> statement-breakpoint
ALTER TABLE "b" RENAME CONSTRAINT "b_x_y_a_x_y_fk" TO "b_x_why_a_x_why_fk";--> statement-breakpoint
ALTER INDEX "a_y_index" RENAME TO "a_why_index";