INSERT INTO app.t VALUES (1, '[1.5,2.5)', '[a,c]', '[1,2]', '{[1,2],[4,5]}');
