select 't', m, n from app.t;
