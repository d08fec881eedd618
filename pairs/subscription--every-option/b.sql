CREATE SUBSCRIPTION plain CONNECTION 'host=b dbname=''b c''' PUBLICATION "Q q", p WITH (connect = false, slot_name = 'now', streaming = on, synchronous_commit = 'local', disable_on_error = true);
CREATE SUBSCRIPTION slotted CONNECTION 'host=a' PUBLICATION q WITH (connect = false, slot_name = NONE, two_phase = true);
COMMENT ON SUBSCRIPTION plain IS 'from b';
