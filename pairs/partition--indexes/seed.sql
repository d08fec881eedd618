INSERT INTO public.ref VALUES (1);
INSERT INTO public.p VALUES (1, 1, 'x');
