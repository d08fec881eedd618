SELECT setval('"public"."q"', 1000, true) FROM "public"."q" WHERE last_value > 1000;--> statement-breakpoint
ALTER SEQUENCE "public"."q" INCREMENT BY 2 MAXVALUE 1000 CACHE 1 NO CYCLE;