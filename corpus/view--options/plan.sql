-- driftless: hazard row-security: view v changes how rows are protected: roles may see other rows than before
ALTER VIEW "public"."v" SET (check_option = local, security_barrier = true);--> statement-breakpoint
ALTER VIEW "public"."v" RESET (security_invoker);--> statement-breakpoint
ALTER MATERIALIZED VIEW "public"."m" SET (autovacuum_enabled = false);--> statement-breakpoint
ALTER MATERIALIZED VIEW "public"."m" RESET (fillfactor);