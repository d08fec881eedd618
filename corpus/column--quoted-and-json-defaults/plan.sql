ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 'it''s \ "quoted"';--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "j" jsonb DEFAULT '{"note":"it''s","list":["a\"b",1,null]}'::jsonb;--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "tags" text[] DEFAULT '{"a\"b","c''d","e,f","g\\h","","NULL"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "n" bigint DEFAULT 9007199254740993;--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "when" timestamp DEFAULT '2024-02-29 12:00:00.000';--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "at" point DEFAULT '(1,2)';--> statement-breakpoint
ALTER TABLE "t" ADD COLUMN "nested" integer[][] DEFAULT '{{1,2},{3,4}}';