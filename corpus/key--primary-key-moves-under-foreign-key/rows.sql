select 'b', a from b;
