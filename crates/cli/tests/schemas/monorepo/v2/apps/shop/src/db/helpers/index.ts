import { sql } from 'drizzle-orm';
import { check, type AnyPgColumn } from 'drizzle-orm/pg-core';

/** One CHECK for each of the columns, named after it. */
export const notNegative = (table: string, ...columns: AnyPgColumn[]) =>
  columns.map((column) => check(`${table}_${column.name}_not_negative`, sql`${column} is null or ${column} >= 0`));
