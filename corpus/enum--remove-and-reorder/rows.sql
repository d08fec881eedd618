select 't', m, ms from t;
