ALTER TABLE "t" ALTER COLUMN "n" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard drop-sequence: sequence q and its position are dropped
DROP SEQUENCE "public"."q";