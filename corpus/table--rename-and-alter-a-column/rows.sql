select 'people', id, name, age from people; insert into people (name) values ('Bob');
