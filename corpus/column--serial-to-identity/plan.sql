ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard drop-sequence: the sequence behind t.id and its position are dropped
DROP SEQUENCE "t_id_seq";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "t_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
SELECT setval('"public"."t_id_seq"', (SELECT greatest(max("id")::bigint + 1, 1) FROM "t"), false);