ALTER VIEW "public"."v" SET (check_option = local, security_barrier = true);--> statement-breakpoint
ALTER VIEW "public"."v" RESET (security_invoker);--> statement-breakpoint
ALTER MATERIALIZED VIEW "public"."m" SET (autovacuum_enabled = false);--> statement-breakpoint
ALTER MATERIALIZED VIEW "public"."m" RESET (fillfactor);