insert into t values ('y', '{x}');
