insert into t values (1, 'shut', 'me');
