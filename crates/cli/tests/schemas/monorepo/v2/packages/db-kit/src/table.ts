import { pgTableCreator } from 'drizzle-orm/pg-core';

/** Several products share the database, so each puts its name before those of its tables. */
export const PREFIX = 'bakery';

export const createTable = pgTableCreator((name) => `${PREFIX}_${name}`);
