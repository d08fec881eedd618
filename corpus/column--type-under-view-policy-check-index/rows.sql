select 't', status from t;
