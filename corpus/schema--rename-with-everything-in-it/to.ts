import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const s = pg.pgSchema('new');
export const mood = s.enum('mood', ['ok', 'sad']);
export const t = s.table('t', { id: pg.serial().primaryKey(), m: mood().default('ok') });
