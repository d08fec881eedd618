INSERT INTO t (email, emails, body) VALUES ('A@b', '{A,b}', 'x');
