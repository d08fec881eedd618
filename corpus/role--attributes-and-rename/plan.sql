ALTER ROLE "corpus_reader" RENAME TO "corpus_writer";--> statement-breakpoint
ALTER ROLE "corpus_writer" WITH NOCREATEDB CREATEROLE NOINHERIT;