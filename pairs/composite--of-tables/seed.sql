INSERT INTO g VALUES (1, 'x', '2024-01-01');
INSERT INTO t VALUES (1, 'x', '2024-01-01');
INSERT INTO r VALUES (1, 'x', 'nine');
INSERT INTO holds VALUES (ROW(1, 'x', 'nine'));
