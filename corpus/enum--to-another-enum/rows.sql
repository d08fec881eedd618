select 't', e from t;
