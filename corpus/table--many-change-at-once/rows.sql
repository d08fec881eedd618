select 'aa', id, kind, amount, come from aa; select 'b', a, kind from b;
