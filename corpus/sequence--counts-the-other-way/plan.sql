-- driftless: hazard drop-sequence: sequence down counts the other way: its position is lost, it starts anew
ALTER SEQUENCE "public"."down" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 7 RESTART;--> statement-breakpoint
-- driftless: hazard drop-sequence: sequence up counts the other way: its position is lost, it starts anew
ALTER SEQUENCE "public"."up" INCREMENT BY -2 MINVALUE -9223372036854775808 MAXVALUE -1 START WITH -1 RESTART;