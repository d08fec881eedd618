// Views with the select builder.
import { and, asc, avg, count, countDistinct, desc, eq, exists, gt, gte, ilike, inArray, isNull, like, lt, max, min, ne, not, notInArray, or, between, sql, sum, arrayContains } from 'drizzle-orm';
import { alias, boolean, except, integer, jsonb, pgEnum, pgMaterializedView, pgSchema, pgTable, pgView, QueryBuilder, serial, text, timestamp, union, unionAll } from 'drizzle-orm/pg-core';

export const kind = pgEnum('kind', ['a', 'b']);
export const app = pgSchema('app');
export const users = pgTable('users', { id: serial().primaryKey(), name: text('full_name').notNull(), kind: kind().default('a'), age: integer(), tags: text().array(), createdAt: timestamp('created_at').defaultNow(), managerId: integer('manager_id') });
export const orders = app.table('orders', { id: serial().primaryKey(), userId: integer('user_id').references(() => users.id), total: integer().notNull(), paid: boolean().default(false), data: jsonb() });

export const v01 = pgView('v01').as((qb) => qb.select().from(users));
export const v02 = pgView('v02').as((qb) => qb.select({ id: users.id, name: users.name }).from(users).where(eq(users.kind, 'a')));
export const v03 = pgView('v03').as((qb) => qb.select({ n: sql`count(*)`.as('n'), upper: sql`upper(${users.name})`.as('upper') }).from(users));
export const v04 = pgView('v04').as((qb) => qb.select({ userId: users.id, total: orders.total }).from(users).leftJoin(orders, eq(orders.userId, users.id)));
export const v05 = pgView('v05').as((qb) => qb.select().from(orders).where(and(gt(orders.total, 10), or(eq(orders.paid, true), isNull(orders.userId)), ne(orders.id, 3))));
export const v06 = pgView('v06').as((qb) => qb.select({ kind: users.kind, n: count().as('n'), top: max(users.age).as('top') }).from(users).groupBy(users.kind).having(gt(count(), 2)).orderBy(desc(users.kind), asc(sql`2`)).limit(10).offset(5));
export const v07 = pgView('v07').as((qb) => qb.selectDistinct({ name: users.name }).from(users));
export const v08 = pgView('v08').as((qb) => qb.selectDistinctOn([users.name, users.kind], { name: users.name, age: users.age }).from(users).orderBy(users.name));
const managers = alias(users, 'managers');
export const v09 = pgView('v09').as((qb) => qb.select({ name: users.name, manager: sql`${managers.name}`.as('manager') }).from(users).innerJoin(managers, eq(users.managerId, managers.id)));
export const v10 = pgView('v10').as((qb) => {
  const totals = qb.$with('totals').as(qb.select({ userId: orders.userId, total: sum(orders.total).as('total') }).from(orders).groupBy(orders.userId));
  return qb.with(totals).select({ id: users.id, total: totals.total }).from(users).innerJoin(totals, eq(totals.userId, users.id));
});
export const v11 = pgView('v11').as((qb) => {
  const sq = qb.select({ userId: orders.userId, n: count().as('n') }).from(orders).groupBy(orders.userId).as('sq');
  return qb.select({ user: sq.userId, n: sq.n }).from(sq).where(gt(sq.n, 1));
});
export const v12 = pgView('v12').as((qb) => qb.select({ id: users.id }).from(users).union(qb.select({ id: orders.id }).from(orders)).orderBy(users.id).limit(3));
export const v13 = pgView('v13').as((qb) => unionAll(qb.select({ id: users.id }).from(users), qb.select({ id: orders.id }).from(orders), qb.select({ id: orders.userId }).from(orders)));
export const v14 = pgView('v14').as((qb) => qb.select({ id: users.id }).from(users).intersectAll(qb.select({ id: orders.id }).from(orders)).exceptAll(qb.select({ id: orders.userId }).from(orders)));
export const v15 = pgView('v15').as((qb) => except(qb.select({ id: users.id }).from(users), qb.select({ id: orders.id }).from(orders)).orderBy(sql`${users.id} desc`));
export const v16 = pgView('v16').as((qb) => qb.select({ id: users.id }).from(users).where(exists(qb.select().from(orders).where(eq(orders.userId, users.id)))));
export const v17 = pgView('v17').as((qb) => qb.select({ id: users.id }).from(users).where(and(inArray(users.id, [1, 2]), notInArray(users.kind, ['a']), like(users.name, "o'%"), ilike(users.name, '%x'), between(users.age, 1, 9), not(eq(users.id, 5)), inArray(users.id, qb.select({ id: orders.userId }).from(orders)))));
export const v18 = app.view('v18').with({ securityInvoker: true, checkOption: 'cascaded', securityBarrier: false }).as((qb) => qb.select().from(orders).where(lt(orders.total, sql`100`)));
export const v19 = pgMaterializedView('v19').using('heap').with({ fillfactor: 90, autovacuumEnabled: true }).tablespace('fast').withNoData().as((qb) => qb.select({ id: users.id, avg: avg(users.age).as('avg') }).from(users).groupBy(users.id));
export const v20 = app.materializedView('v20').as((qb) => qb.select({ a: v02.id }).from(v02));
export const v21 = pgView('v21').as((qb) => qb.select().from(v02).where(eq(v02.name, 'x')));
export const v22 = pgView('v22', { id: integer(), n: text('n_').notNull(), kind: kind(), kinds: kind().array() }).as(sql`select id, name as n_, kind from ${users} where ${users.age} > ${18}`);
export const v23 = pgView('v23', { id: integer('id') }).existing();
export const v24 = pgMaterializedView('v24', { id: integer('id') }).existing();
export const v25 = pgMaterializedView('v25', { id: integer('id') }).with({ fillfactor: 10 }).as(sql`select 1 as id`);
export const v26 = app.view('v26', { id: serial() }).as(sql`select ${1} as id`);
export const v27 = pgView('v27').as((qb) => qb.select().from(users).leftJoin(orders, eq(orders.userId, users.id)).rightJoin(managers, eq(managers.id, users.managerId)));
export const v28 = pgView('v28').as((qb) => qb.select({ u: users.id, t: orders.total }).from(users).fullJoin(orders, (f) => eq(f.u, orders.userId)).where((f) => gt(f.t, 5)).orderBy((f) => [f.u, desc(f.t)]).groupBy((f) => f.u));
export const v29 = pgView('v29').as((qb) => {
  const last = qb.select({ total: orders.total }).from(orders).where(eq(orders.userId, users.id)).limit(1).as('last');
  return qb.select({ id: users.id, total: last.total }).from(users).leftJoinLateral(last, sql`true`).crossJoin(managers);
});
export const v30 = pgView('v30').as(new QueryBuilder().select({ id: managers.id, name: managers.name }).from(managers));
export const v31 = pgView('v31').as((qb) => qb.select({ n: countDistinct(users.kind).as('n'), low: min(users.createdAt).as('low') }).from(users).where(and(gte(users.createdAt, new Date('2024-01-02T00:00:00Z')), arrayContains(users.tags, ['a', "b'c"]))));
export const v32 = pgView('v32').as((qb) => {
  const inner = union(qb.select({ id: users.id }).from(users), qb.select({ id: orders.id }).from(orders)).as('inner');
  return qb.select().from(inner).orderBy(inner.id);
});
export const v33 = pgView('v33').as((qb) => qb.select({ id: sql`x.id`.as('id') }).from(sql`generate_series(1, ${3}) as x(id)`));
export const v34 = pgView('v34').as((qb) => qb.select({ a: v18.id, b: v02.name }).from(v18).innerJoin(v02, eq(v02.id, v18.userId)));
export const v35 = pgView('v35').as((qb) => qb.select({ id: users.id, orders: qb.select({ n: count().as('n') }).from(orders).as('n') }).from(users).for('update', { of: users, skipLocked: true }));
export const v36 = pgView('v36').as((qb) => qb.select({ one: sql`${orders.data}->>'k'`.as('one'), raw: sql`case when ${users.age} > 1 then ${'yes'} else ${null} end`.as('raw') }).from(users).innerJoin(orders, sql`${orders.userId} = ${users.id}`));
