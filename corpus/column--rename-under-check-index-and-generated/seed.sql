insert into items (price) values (5);
