import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

enum Mood { Ok = 'ok', Sad = 'sad', Gone = 'gone' }
export const mood = pg.pgEnum('mood', Mood);
export const t = pg.pgTable('t', { m: mood().default(Mood.Ok).notNull() });
