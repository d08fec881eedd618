CREATE SUBSCRIPTION plain CONNECTION 'host=a dbname=b' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION slotted CONNECTION 'host=a' PUBLICATION p, q WITH (connect = false, slot_name = 'here', binary = true);
CREATE SUBSCRIPTION dropped CONNECTION 'host=a' PUBLICATION p WITH (connect = false);
