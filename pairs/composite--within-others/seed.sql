INSERT INTO t VALUES (1, ARRAY[(1, 'one'), (2, 'two')]::pair[], (3, 'three'), ARRAY[(4, 'four')]::pair[], ARRAY[(ARRAY[(5, 'five')]::pair[], (6, 'six'))]::nested[], ('ok', (7, 'seven')));
INSERT INTO t VALUES (2, NULL, (8, NULL), '{}', ARRAY[NULL::nested], NULL);
