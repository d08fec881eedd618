insert into t values (1, true, false, 7, 0), (2, false, null, 0, null);
