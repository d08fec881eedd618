select 't', m from new.t;
