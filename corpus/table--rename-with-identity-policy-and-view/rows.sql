insert into new (a) values (2); select 'new', id, a from new order by id;
