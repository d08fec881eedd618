INSERT INTO task (id, state, past, many, later, last) VALUES
    (1, 'open', '{draft,open}', '{done}', 'open', ROW('done', '2024-01-01')), (2, 'draft', NULL, NULL, 'done', NULL);
INSERT INTO other VALUES (1, 'x');
