select 't', e, f[1] from t;
