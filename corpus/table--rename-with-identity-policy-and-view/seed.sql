insert into old (a) values (1);
