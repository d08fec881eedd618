ALTER TYPE "public"."mood" RENAME TO "feeling";--> statement-breakpoint
ALTER TYPE "public"."feeling" ADD VALUE 'x';