CREATE TABLE stays (a integer, b integer DEFAULT 5);
CREATE TABLE others (b integer);
