ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT 2;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "c" SET DEFAULT upper('y');