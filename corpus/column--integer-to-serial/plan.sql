CREATE SEQUENCE "t_id_seq" AS integer OWNED BY "t"."id";--> statement-breakpoint
SELECT setval('"public"."t_id_seq"', (SELECT coalesce(max("id"), 0) + 1 FROM "t"), false);--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT nextval('"public"."t_id_seq"');