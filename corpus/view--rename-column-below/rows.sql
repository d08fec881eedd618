select 't', b from v;
