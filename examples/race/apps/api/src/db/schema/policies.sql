-- One account never sees another account's rows, whatever a query forgets: three statements a table.

ALTER TABLE "accounts" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "accounts" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "accounts" AS PERMISSIVE FOR ALL TO public USING ((id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "alert_rules" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "alert_rules" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "alert_rules" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "api_keys" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "api_keys" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "audit_log" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "audit_log" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "billing"."invoice_lines" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "billing"."invoice_lines" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "billing"."invoice_lines" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "billing"."invoices" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "billing"."invoices" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "billing"."invoices" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "billing"."payments" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "billing"."payments" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "billing"."payments" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "billing"."subscriptions" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "billing"."subscriptions" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "billing"."subscriptions" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "daily_rollups" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "daily_rollups" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "daily_rollups" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "environments" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "environments" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "environments" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "events" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "events" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "events" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "incident_comments" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "incident_comments" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "incident_comments" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "incidents" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "incidents" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "incidents" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "invitations" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "invitations" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "memberships" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "memberships" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "memberships" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "projects" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "projects" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "projects" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "team_members" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "team_members" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "team_members" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "teams" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "teams" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "teams" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "users" FORCE ROW LEVEL SECURITY;
CREATE POLICY "users_of_account" ON "users" AS PERMISSIVE FOR SELECT TO public USING ((EXISTS ( SELECT
   FROM public.memberships
  WHERE ((memberships.user_id = users.id) AND (memberships.account_id = ( SELECT public.current_account_id() AS current_account_id))))));

ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "webhook_deliveries" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "webhook_deliveries" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));

ALTER TABLE "webhook_endpoints" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "webhook_endpoints" FORCE ROW LEVEL SECURITY;
CREATE POLICY "account_isolation" ON "webhook_endpoints" AS PERMISSIVE FOR ALL TO public USING ((account_id = ( SELECT public.current_account_id() AS current_account_id))) WITH CHECK ((account_id = ( SELECT public.current_account_id() AS current_account_id)));
