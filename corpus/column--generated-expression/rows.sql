select 't', a, c from t;
