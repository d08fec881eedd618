insert into t (id) values (2); select 't', m, ms from t order by id;
