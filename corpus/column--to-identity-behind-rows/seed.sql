insert into a (x) values ('old'), ('old'); insert into b values (-40, 'old'); insert into c values (40, 'old');
