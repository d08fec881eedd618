CREATE ROLE reader;
CREATE ROLE writer;
CREATE ROLE "Mixed Case";
