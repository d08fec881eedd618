INSERT INTO public.t (a, b, c, r) VALUES ('a', 'b', 1, '[1,2)'), ('c', 'd', 2, '[3,4)');
