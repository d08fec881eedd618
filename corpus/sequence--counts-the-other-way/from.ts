import * as pg from 'drizzle-orm/pg-core';

export const up = pg.pgSequence('up');
export const down = pg.pgSequence('down', { increment: -1 });
