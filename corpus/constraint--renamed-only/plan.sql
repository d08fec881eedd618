ALTER TABLE "t" RENAME CONSTRAINT "x" TO "x2";--> statement-breakpoint
ALTER TABLE "t" RENAME CONSTRAINT "y" TO "y2";--> statement-breakpoint
ALTER INDEX "i" RENAME TO "i2";