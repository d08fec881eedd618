import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const r = pg.pgRole('corpus_writer', { createRole: true, inherit: false });
