CREATE ROLE reader;
CREATE ROLE keeper;
GRANT ALL ON SCHEMA public TO keeper;
