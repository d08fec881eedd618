insert into t (n) values ('b'); select 't', max(id) from t;
