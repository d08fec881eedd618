insert into a (x) values ('new'); insert into b (x) values ('new'); insert into c (x) values ('new');
select 'a', * from a union all select 'b', * from b union all select 'c', * from c order by 1, 2;
