-- Whose request a transaction handles; the API says so at its start.

CREATE FUNCTION "public"."current_account_id"()
RETURNS uuid
LANGUAGE "sql"
STABLE
PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.current_account_id', true), '')::uuid $$;
