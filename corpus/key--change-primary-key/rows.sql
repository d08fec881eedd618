select 't', a, b from t;
