import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema.js';

const pool = new pg.Pool({ connectionString: process.env.APP_DATABASE_URL });

export const db = drizzle(pool, { schema });

type Transaction = Parameters<Parameters<typeof db.transaction>[0]>[0];

/**
 * Runs `work` on behalf of one account. The setting lasts as long as the transaction, so a pooled
 * connection never carries it into somebody else's request. Without it, every account-scoped
 * table is empty.
 */
export function asAccount<T>(accountId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('app.current_account_id', ${accountId}, true)`);
    return work(tx);
  });
}
