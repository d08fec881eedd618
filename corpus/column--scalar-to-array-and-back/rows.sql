select 't', a[1], b from t order by 1, 2;
