create table t(id int, a int, b int, constraint pk1 primary key(id)); create view v as select id,a,b from t group by id;
