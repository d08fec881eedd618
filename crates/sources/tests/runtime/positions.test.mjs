// Where things were built, when the host asks for it.
// usage: node positions.test.mjs

globalThis.__driftless = { positions: true };
const { moduleOf, ours, report } = await import('./support.mjs');

const schema = moduleOf(`
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
export const app = pg.pgSchema('app');
export const role = pg.pgRole('role');
export const seq = pg.pgSequence('seq');
export const status = pg.pgEnum('status', ['a']);
export const users = pg.pgTable('users', {
  id: pg.serial()
    .primaryKey(),
  email: pg.text().unique(),
  boss: pg.integer().references(() => users.id),
}, (t) => [
  pg.index('by_email').on(t.email),
  pg.check('positive', sql\`1\`),
  pg.unique('both').on(t.id, t.email),
  pg.pgPolicy('p'),
  pg.primaryKey({ name: 'pk', columns: [t.email] }),
  pg.foreignKey({ name: 'fk', columns: [t.boss], foreignColumns: [t.id] }),
]);
export const view = pg.pgView('view').as((qb) => qb.select().from(users));
`);
const { positions, findings } = await ours(schema, { positions: true });

/** Key of the position map, and the line of the module. */
const cases = [
  ['schema app', 4], ['role role', 5], ['sequence public.seq', 6], ['enum public.status', 7], ['table public.users', 8],
  ['column public.users.id', 9], ['column public.users.email', 11], ['constraint public.users.users_email_unique', 11],
  ['column public.users.boss', 12], ['constraint public.users.users_boss_users_id_fk', 12], ['index public.by_email', 14],
  ['constraint public.users.positive', 15], ['constraint public.users.both', 16], ['policy public.users.p', 17],
  ['constraint public.users.pk', 18], ['constraint public.users.fk', 19], ['view public.view', 21],
];
await report('positions', [
  ...cases.map(([key, line]) => [key, () => {
    const frame = positions[key]?.split('\n').find((one) => one.includes('/m1.mjs'));
    return frame?.includes(`m1.mjs?runtime:${line}:`) ? undefined : `${frame ?? positions[key]} instead of line ${line}`;
  }]),
  ['nothing else', () => {
    const more = Object.keys(positions).filter((key) => !cases.some(([known]) => known === key));
    return more.length === 0 ? undefined : more.join(', ');
  }],
  ['the two primary keys', () => (findings.length === 1 && findings[0].object === 'table public.users' ? undefined : JSON.stringify(findings))],
]);
