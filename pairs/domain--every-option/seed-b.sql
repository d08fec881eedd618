INSERT INTO app.t VALUES (1, 'a', 1.50, 2, 3, 4, '{x,y}', '{p,q}');
