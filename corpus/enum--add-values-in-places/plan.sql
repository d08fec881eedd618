ALTER TYPE "public"."mood" ADD VALUE 'new' BEFORE 'ok';--> statement-breakpoint
ALTER TYPE "public"."mood" ADD VALUE 'so so' BEFORE 'sad';--> statement-breakpoint
ALTER TYPE "public"."mood" ADD VALUE 'it''s' BEFORE 'sad';--> statement-breakpoint
ALTER TYPE "public"."mood" ADD VALUE 'last';