import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const s = pg.pgSchema('app');
export const mood = s.enum('mood', ['ok', 'sad']);
export const t = s.table('t', { m: mood().array().default(['ok']), n: mood().default('sad') }, (t) => [pg.check('c', sql`${t.n} <> 'ok'`)]);
