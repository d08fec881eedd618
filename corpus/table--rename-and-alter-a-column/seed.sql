insert into users (name, age) values ('Ada', 36);
