insert into t values ('x', array['y']), (null, null);
