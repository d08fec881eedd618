CREATE TRUSTED LANGUAGE other HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION f() RETURNS integer LANGUAGE other AS $$ BEGIN RETURN 1; END $$;
CREATE ACCESS METHOD own_btree TYPE INDEX HANDLER hashhandler;
CREATE TRANSFORM FOR integer LANGUAGE sql (TO SQL WITH FUNCTION int4recv(internal));
COMMENT ON LANGUAGE other IS 'the same again';
