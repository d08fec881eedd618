select 't', m from t;
