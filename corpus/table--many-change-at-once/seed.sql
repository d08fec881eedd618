insert into a (kind, n) values ('b', 7); insert into b (a, kind) values (1, 'a');
