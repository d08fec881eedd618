INSERT INTO p VALUES (1, 'sad', 1), (2, 'ok', 2);
INSERT INTO other VALUES (1, 'sad'), (3, NULL);
INSERT INTO q VALUES (5, 1);
