insert into a values (1, 2, 'u'); insert into b values (1, 2);
