ALTER TYPE "public"."mood" ADD VALUE 'fine';

-- next file
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'fine';