import * as pg from 'drizzle-orm/pg-core';

export const up = pg.pgSequence('up', { increment: -2 });
export const down = pg.pgSequence('down', { startWith: 7 });
