select 'b', a, m from b join new.a on a = id;
