CREATE ROLE one;
CREATE ROLE "Two words";
