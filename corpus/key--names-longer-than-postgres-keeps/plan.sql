ALTER TABLE "organization_membership_role_assignments" RENAME TO "organization_membership_role_assignments_now";--> statement-breakpoint
ALTER SEQUENCE IF EXISTS "organization_membership_role_assignments_id_seq" RENAME TO "organization_membership_role_assignments_now_id_seq";--> statement-breakpoint
ALTER INDEX IF EXISTS "organization_membership_role_assignments_pkey" RENAME TO "organization_membership_role_assignments_now_pkey";--> statement-breakpoint
DROP VIEW "public"."v";--> statement-breakpoint
ALTER TABLE "organization_membership_role_assignments_now" DROP CONSTRAINT "organization_membership_role_assignments_organization_membershi";--> statement-breakpoint
ALTER TABLE "organization_membership_role_assignments_now" DROP CONSTRAINT "role_assignments_are_for_invitations_that_have_an_identifier_ab";--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of organization_membership_role_assignments_now is rewritten
ALTER TABLE "organization_membership_role_assignments_now" ALTER COLUMN "id" SET DATA TYPE bigint USING "id"::bigint;--> statement-breakpoint
ALTER SEQUENCE "organization_membership_role_assignments_now_id_seq" AS bigint;--> statement-breakpoint
ALTER TABLE "very_long_table_name_for_organization_membership_invitations_of" ALTER COLUMN "kind" DROP DEFAULT;--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of very_long_table_name_for_organization_membership_invitations_of is rewritten
ALTER TABLE "very_long_table_name_for_organization_membership_invitations_of" ALTER COLUMN "kind" SET DATA TYPE text USING "kind"::text;--> statement-breakpoint
DROP TYPE "public"."kind_of_an_organization_membership_invitation_that_is_still_to_";--> statement-breakpoint
CREATE TYPE "public"."kind_of_an_organization_membership_invitation_that_is_still_to_" AS ENUM('b', 'a');--> statement-breakpoint
-- driftless: hazard table-rewrite: every row of very_long_table_name_for_organization_membership_invitations_of is rewritten
ALTER TABLE "very_long_table_name_for_organization_membership_invitations_of" ALTER COLUMN "kind" SET DATA TYPE "public"."kind_of_an_organization_membership_invitation_that_is_still_to_" USING "kind"::"public"."kind_of_an_organization_membership_invitation_that_is_still_to_";--> statement-breakpoint
ALTER TABLE "very_long_table_name_for_organization_membership_invitations_of" ALTER COLUMN "kind" SET DEFAULT 'a';--> statement-breakpoint
-- driftless: hazard validate-rows: every row of organization_membership_role_assignments_now is checked while everybody waits; one that fails stops the migration
ALTER TABLE "organization_membership_role_assignments_now" ADD CONSTRAINT "role_assignments_are_for_invitations_that_have_an_identifier_ab" CHECK ("organization_membership_role_assignments_now"."organization_membership_invitation_identifier" > 1);--> statement-breakpoint
-- driftless: hazard validate-rows: every row of organization_membership_role_assignments_now is looked up in very_long_table_name_for_organization_membership_invitations_of while writers of both wait; one without a match stops the migration
ALTER TABLE "organization_membership_role_assignments_now" ADD CONSTRAINT "organization_membership_role_assignments_now_organization_membe" FOREIGN KEY ("organization_membership_invitation_identifier") REFERENCES "public"."very_long_table_name_for_organization_membership_invitations_of"("identifier") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE VIEW "public"."v" AS (select "identifier", "kind" from "very_long_table_name_for_organization_membership_invitations_of_persons");