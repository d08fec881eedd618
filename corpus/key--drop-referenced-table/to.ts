import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const posts = pg.pgTable('posts', { id: pg.integer().primaryKey(), author: pg.integer() });
