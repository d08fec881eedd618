-- Who there is. A cluster has its roles once: where an administrator made them, leave them to them.

CREATE ROLE "race" WITH LOGIN;
CREATE ROLE "race_admin" WITH BYPASSRLS;
CREATE ROLE "race_app" WITH LOGIN;
GRANT "race_admin" TO "race";
