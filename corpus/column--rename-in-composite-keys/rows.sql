select 'b', b.x, b.why, a.mail from a join b using (x);
