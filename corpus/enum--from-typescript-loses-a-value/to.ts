import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

enum Mood { Sad = 'sad', Ok = 'ok' }
export const mood = pg.pgEnum('mood', Mood);
export const t = pg.pgTable('t', { m: mood().default(Mood.Ok).notNull() });
