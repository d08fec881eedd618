select nextval('up'), nextval('down');
