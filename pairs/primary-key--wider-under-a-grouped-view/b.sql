create table t(id int, a int, b int, constraint pk2 primary key(id,a)); create view v as select id,a,b from t group by id,a;
