insert into users (name) values ('Ada'); insert into posts values (1, 1);
