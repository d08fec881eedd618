select 't', a, b, c from t;
