insert into old.t default values;
