INSERT INTO t VALUES (1, ROW(1, 'x'), ROW(1, '2024-01-01', 'x'), ROW(7, 'seven'), ROW(3, 'y'), ROW(ROW(8, 'eight'), 2));
