CREATE SCHEMA "billing";--> statement-breakpoint
CREATE TYPE "billing"."billing_cycle" AS ENUM('month', 'year');--> statement-breakpoint
CREATE TYPE "billing"."invoice_status" AS ENUM('draft', 'open', 'paid', 'uncollectible', 'void');--> statement-breakpoint
CREATE TYPE "public"."alert_metric" AS ENUM('p50', 'p75', 'p95', 'error_rate');--> statement-breakpoint
CREATE TYPE "public"."api_scope" AS ENUM('ingest', 'read', 'admin');--> statement-breakpoint
CREATE TYPE "public"."delivery_status" AS ENUM('waiting', 'delivered', 'failed');--> statement-breakpoint
CREATE TYPE "public"."environment_kind" AS ENUM('preview', 'staging', 'production');--> statement-breakpoint
CREATE TYPE "public"."event_kind" AS ENUM('page_load', 'interaction', 'request', 'error');--> statement-breakpoint
CREATE TYPE "public"."incident_status" AS ENUM('open', 'acknowledged', 'resolved');--> statement-breakpoint
CREATE TYPE "public"."member_role" AS ENUM('owner', 'admin', 'developer', 'viewer');--> statement-breakpoint
CREATE SEQUENCE "billing"."invoice_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1000 CACHE 1;--> statement-breakpoint
CREATE TABLE "billing"."invoice_lines" (
	"account_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"description" text NOT NULL,
	"quantity" numeric(12, 3) DEFAULT '1' NOT NULL,
	"amount" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "invoice_lines_position_key" UNIQUE("account_id","invoice_id","position"),
	CONSTRAINT "invoice_lines_position_positive" CHECK ("billing"."invoice_lines"."position" > 0)
);--> statement-breakpoint
CREATE TABLE "billing"."invoices" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"number" bigint DEFAULT nextval('billing.invoice_numbers') NOT NULL,
	"subscription_id" uuid,
	"corrects_id" uuid,
	"status" "billing"."invoice_status" DEFAULT 'draft' NOT NULL,
	"currency" char(3) DEFAULT 'EUR' NOT NULL,
	"subtotal" bigint DEFAULT 0 NOT NULL,
	"tax" bigint DEFAULT 0 NOT NULL,
	"total" bigint GENERATED ALWAYS AS (subtotal + tax) STORED NOT NULL,
	"issued_on" date,
	"due_on" date,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invoices_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "invoices_number_key" UNIQUE("account_id","number"),
	CONSTRAINT "invoices_issued_when_open" CHECK ("billing"."invoices"."status" = 'draft' or "billing"."invoices"."issued_on" is not null)
);--> statement-breakpoint
CREATE TABLE "billing"."payments" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"invoice_id" uuid NOT NULL,
	"amount" bigint DEFAULT 0 NOT NULL,
	"provider" text NOT NULL,
	"provider_reference" text,
	"received_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "payments_reference_key" UNIQUE("account_id","provider","provider_reference"),
	CONSTRAINT "payments_provider_known" CHECK ("billing"."payments"."provider" in ('card', 'sepa', 'manual'))
);--> statement-breakpoint
CREATE TABLE "billing"."plans" (
	"code" varchar(32) NOT NULL PRIMARY KEY,
	"name" text NOT NULL,
	"price_per_month" bigint DEFAULT 0 NOT NULL,
	"included_events" bigint NOT NULL,
	"overage_per_million" numeric(10, 2),
	"features" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_offered" boolean DEFAULT true NOT NULL,
	CONSTRAINT "plans_price_not_negative" CHECK ("billing"."plans"."price_per_month" >= 0)
);--> statement-breakpoint
CREATE TABLE "billing"."subscriptions" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"plan_code" varchar(32) NOT NULL,
	"cycle" "billing"."billing_cycle" DEFAULT 'month' NOT NULL,
	"starts_on" date DEFAULT now() NOT NULL,
	"ends_on" date,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "subscriptions_ends_after_start" CHECK ("billing"."subscriptions"."ends_on" is null or "billing"."subscriptions"."ends_on" > "billing"."subscriptions"."starts_on")
);--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"slug" varchar(63) NOT NULL,
	"name" text NOT NULL,
	"region" varchar(8) DEFAULT 'eu' NOT NULL,
	"preferences" jsonb DEFAULT '{"weeklyReport":true,"timezone":"UTC"}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "accounts_slug_shape" CHECK ("accounts"."slug" ~ '^[a-z0-9][a-z0-9-]*$')
);--> statement-breakpoint
CREATE TABLE "alert_rules" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"name" text NOT NULL,
	"metric" "public"."alert_metric" DEFAULT 'p75' NOT NULL,
	"threshold" double precision NOT NULL,
	"window_minutes" smallint DEFAULT 15 NOT NULL,
	"is_muted" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alert_rules_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "alert_rules_rate_is_a_share" CHECK ("alert_rules"."metric" <> 'error_rate' or "alert_rules"."threshold" <= 1),
	CONSTRAINT "alert_rules_window" CHECK ("alert_rules"."window_minutes" between 1 and 1440)
);--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"label" text NOT NULL,
	"prefix" varchar(12) NOT NULL,
	"hash" bytea NOT NULL,
	"scopes" "public"."api_scope"[] DEFAULT '{"ingest"}' NOT NULL,
	"created_by_id" uuid,
	"last_used_at" timestamp with time zone,
	"last_used_from" inet,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "api_keys_prefix_key" UNIQUE("account_id","prefix"),
	CONSTRAINT "api_keys_hash_is_sha256" CHECK (octet_length("api_keys"."hash") = 32)
);--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" uuid NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_log_account_id_id_pk" PRIMARY KEY("account_id","id")
);--> statement-breakpoint
CREATE TABLE "daily_rollups" (
	"account_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"day" date NOT NULL,
	"kind" "public"."event_kind" NOT NULL,
	"events" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"p75" double precision,
	"p95" double precision,
	CONSTRAINT "daily_rollups_pk" PRIMARY KEY("account_id","environment_id","day","kind")
);--> statement-breakpoint
CREATE TABLE "environments" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" "public"."environment_kind" DEFAULT 'production' NOT NULL,
	"name" text NOT NULL,
	"base_url" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "environments_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "environments_name_key" UNIQUE("account_id","project_id","name"),
	CONSTRAINT "environments_url_is_https" CHECK ("environments"."kind" = 'preview' or "environments"."base_url" like 'https://%')
);--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 100),
	"account_id" uuid NOT NULL,
	"environment_id" uuid NOT NULL,
	"kind" "public"."event_kind" NOT NULL,
	"client_key" uuid NOT NULL,
	"path" text NOT NULL,
	"duration_ms" integer,
	"status_code" smallint,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_account_id_id_pk" PRIMARY KEY("account_id","id"),
	CONSTRAINT "events_client_key" UNIQUE("account_id","environment_id","client_key"),
	CONSTRAINT "events_duration_not_negative" CHECK ("events"."duration_ms" >= 0)
);--> statement-breakpoint
CREATE TABLE "incident_comments" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"incident_id" uuid NOT NULL,
	"reply_to_id" uuid,
	"author_id" uuid,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "incident_comments_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "incident_comments_not_empty" CHECK (length(trim("incident_comments"."body")) > 0)
);--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"alert_rule_id" uuid,
	"merged_into_id" uuid,
	"status" "public"."incident_status" DEFAULT 'open' NOT NULL,
	"title" text NOT NULL,
	"summary" text DEFAULT '' NOT NULL,
	"assignee_id" uuid,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"search" tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || summary)) STORED,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "incidents_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "incidents_not_merged_into_itself" CHECK ("incidents"."merged_into_id" <> "incidents"."id"),
	CONSTRAINT "incidents_resolved_has_time" CHECK (("incidents"."status" = 'resolved') = ("incidents"."resolved_at" is not null))
);--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" "public"."member_role" DEFAULT 'developer' NOT NULL,
	"invited_by_id" uuid,
	"expires_at" timestamp with time zone DEFAULT now() + interval '7 days' NOT NULL,
	"accepted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "invitations_not_owner" CHECK ("invitations"."role" <> 'owner')
);--> statement-breakpoint
CREATE TABLE "memberships" (
	"account_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" "public"."member_role" DEFAULT 'viewer' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memberships_account_id_user_id_pk" PRIMARY KEY("account_id","user_id")
);--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"team_id" uuid,
	"slug" varchar(63) NOT NULL,
	"name" text NOT NULL,
	"domains" text[] DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{"sampleRate":1,"retentionDays":30,"slowAfterMs":2500,"ignoredPaths":["/health"]}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "projects_account_id_id_unique" UNIQUE("account_id","id")
);--> statement-breakpoint
CREATE TABLE "regions" (
	"code" varchar(8) NOT NULL PRIMARY KEY,
	"name" text NOT NULL
);--> statement-breakpoint
CREATE TABLE "team_members" (
	"account_id" uuid NOT NULL,
	"team_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "team_members_account_id_team_id_user_id_pk" PRIMARY KEY("account_id","team_id","user_id")
);--> statement-breakpoint
CREATE TABLE "teams" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"parent_id" uuid,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "teams_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "teams_name_key" UNIQUE NULLS NOT DISTINCT("account_id","parent_id","name"),
	CONSTRAINT "teams_not_own_parent" CHECK ("teams"."parent_id" <> "teams"."id")
);--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"email" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"is_staff" boolean DEFAULT false NOT NULL,
	"invited_by_id" uuid,
	"last_seen_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"status" "public"."delivery_status" DEFAULT 'waiting' NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"body" jsonb NOT NULL,
	"last_error" text,
	"next_attempt_at" timestamp with time zone DEFAULT now(),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_deliveries_account_id_id_unique" UNIQUE("account_id","id")
);--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
	"account_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"url" text NOT NULL,
	"secret" bytea NOT NULL,
	"headers" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_endpoints_account_id_id_unique" UNIQUE("account_id","id"),
	CONSTRAINT "webhook_endpoints_url_key" UNIQUE("account_id","project_id","url")
);--> statement-breakpoint
ALTER TABLE "daily_rollups" ADD CONSTRAINT "daily_rollups_errors_are_events" CHECK ("daily_rollups"."errors" between 0 and "daily_rollups"."events");--> statement-breakpoint
ALTER TABLE "billing"."invoice_lines" ADD CONSTRAINT "invoice_lines_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_fk" FOREIGN KEY ("account_id","invoice_id") REFERENCES "billing"."invoices"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."invoices" ADD CONSTRAINT "invoices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."invoices" ADD CONSTRAINT "invoices_corrects_fk" FOREIGN KEY ("account_id","corrects_id") REFERENCES "billing"."invoices"("account_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."invoices" ADD CONSTRAINT "invoices_subscription_fk" FOREIGN KEY ("account_id","subscription_id") REFERENCES "billing"."subscriptions"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."payments" ADD CONSTRAINT "payments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."payments" ADD CONSTRAINT "payments_invoice_fk" FOREIGN KEY ("account_id","invoice_id") REFERENCES "billing"."invoices"("account_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."subscriptions" ADD CONSTRAINT "subscriptions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."subscriptions" ADD CONSTRAINT "subscriptions_plan_code_plans_code_fk" FOREIGN KEY ("plan_code") REFERENCES "billing"."plans"("code") ON DELETE restrict ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_region_regions_code_fk" FOREIGN KEY ("region") REFERENCES "public"."regions"("code") ON DELETE set default ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_environment_fk" FOREIGN KEY ("account_id","environment_id") REFERENCES "public"."environments"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_environment_fk" FOREIGN KEY ("account_id","environment_id") REFERENCES "public"."environments"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_actor_id_users_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_rollups" ADD CONSTRAINT "daily_rollups_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_rollups" ADD CONSTRAINT "daily_rollups_environment_fk" FOREIGN KEY ("account_id","environment_id") REFERENCES "public"."environments"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_project_fk" FOREIGN KEY ("account_id","project_id") REFERENCES "public"."projects"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_environment_fk" FOREIGN KEY ("account_id","environment_id") REFERENCES "public"."environments"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_comments" ADD CONSTRAINT "incident_comments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_comments" ADD CONSTRAINT "incident_comments_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_comments" ADD CONSTRAINT "incident_comments_incident_fk" FOREIGN KEY ("account_id","incident_id") REFERENCES "public"."incidents"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_comments" ADD CONSTRAINT "incident_comments_reply_to_fk" FOREIGN KEY ("account_id","reply_to_id") REFERENCES "public"."incident_comments"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_alert_rule_fk" FOREIGN KEY ("account_id","alert_rule_id") REFERENCES "public"."alert_rules"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_assignee_id_users_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_merged_into_fk" FOREIGN KEY ("account_id","merged_into_id") REFERENCES "public"."incidents"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_project_fk" FOREIGN KEY ("account_id","project_id") REFERENCES "public"."projects"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_users_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_team_fk" FOREIGN KEY ("account_id","team_id") REFERENCES "public"."teams"("account_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_membership_fk" FOREIGN KEY ("account_id","user_id") REFERENCES "public"."memberships"("account_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_fk" FOREIGN KEY ("account_id","team_id") REFERENCES "public"."teams"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_parent_fk" FOREIGN KEY ("account_id","parent_id") REFERENCES "public"."teams"("account_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_invited_by_id_users_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_fk" FOREIGN KEY ("account_id","endpoint_id") REFERENCES "public"."webhook_endpoints"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_project_fk" FOREIGN KEY ("account_id","project_id") REFERENCES "public"."projects"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invoices_unpaid_idx" ON "billing"."invoices" USING btree ("account_id", "due_on") WHERE "billing"."invoices"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_one_running" ON "billing"."subscriptions" USING btree ("account_id") WHERE "billing"."subscriptions"."ends_on" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_slug_key" ON "accounts" USING btree (lower("slug"));--> statement-breakpoint
CREATE INDEX "api_keys_live_idx" ON "api_keys" USING hash ("hash") WHERE "api_keys"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "audit_log_recent_idx" ON "audit_log" USING btree ("account_id", "at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "events_age_idx" ON "events" USING brin ("occurred_at") WITH (pages_per_range=32);--> statement-breakpoint
CREATE INDEX "events_errors_idx" ON "events" USING btree ("account_id", "occurred_at") WHERE "events"."kind" = 'error' or "events"."status_code" >= 500;--> statement-breakpoint
CREATE INDEX "events_payload_idx" ON "events" USING gin ("payload" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "events_recent_idx" ON "events" USING btree ("account_id", "environment_id", "occurred_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "incident_comments_thread_idx" ON "incident_comments" USING btree ("account_id", "incident_id", "created_at");--> statement-breakpoint
CREATE INDEX "incidents_open_idx" ON "incidents" USING btree ("account_id", "project_id", "opened_at" DESC) WHERE "incidents"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "incidents_search_idx" ON "incidents" USING gin ("search");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open_key" ON "invitations" USING btree ("account_id", lower("email")) WHERE "invitations"."accepted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_one_owner" ON "memberships" USING btree ("account_id") WHERE "memberships"."role" = 'owner';--> statement-breakpoint
CREATE INDEX "memberships_user_idx" ON "memberships" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "projects_domains_idx" ON "projects" USING gin ("domains");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_slug_key" ON "projects" USING btree ("account_id", "slug") WHERE "projects"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "users_invited_by_idx" ON "users" USING btree ("invited_by_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries" USING btree ("next_attempt_at") WITH (fillfactor=70) WHERE "webhook_deliveries"."status" = 'waiting';--> statement-breakpoint
CREATE VIEW "public"."project_overview" WITH (security_invoker = true) AS (select "projects"."account_id", "projects"."id", "projects"."name", count("incidents"."id") as "open_incidents", max("incidents"."opened_at") as "last_incident_at" from "projects" left join "incidents" on ("incidents"."account_id" = "projects"."account_id" and "incidents"."project_id" = "projects"."id" and "incidents"."status" <> 'resolved') where "projects"."deleted_at" is null group by "projects"."account_id", "projects"."id", "projects"."name");