// Schemas, enums of all kinds, table creators, shared columns, quoting.
import { getTableColumns, getTableName, relations, sql } from 'drizzle-orm';
import { id, index, integer, label, pgEnum, pgSchema, pgTable, pgTableCreator, serial, text, timestamps } from './helpers.mjs';

export const auth = pgSchema('auth');
export const odd = pgSchema('Odd "schema"');
export const status = pgEnum('status', ['open', 'closed']);
export const level = auth.enum('level', ['low', 'high']);
const Color = { Red: 'red', Blue: 'blue' };
export const color = pgEnum('color', Color);
export const Quoted = pgEnum('Quoted Enum', ["it's", '"q"', 'a,b']);

export const accounts = auth.table('accounts', {
  id: id(), ...timestamps, name: label(), level: level().notNull().default('low'), levels: level().array(), status: status('status_'), color: color().default(Color.Red), colors: color().array(),
}, (t) => [index().on(t.status), index('accounts_lower').on(sql`lower(${t.name})`)]);
export const orders = pgTable('orders', { id: id(), ...timestamps, accountId: integer('account_id'), quoted: Quoted('Quoted column') });
export const { table: oddTable } = odd;
export const strange = odd.table('Table "quoted"', { 'Column "q"': text(), plain: serial().primaryKey(), ref: integer().references(() => strange.plain) });
const prefixed = pgTableCreator((name) => `app_${name}`);
export const one = prefixed('one', { id: serial().primaryKey(), title: text().unique() }, (t) => [index().on(t.title)]);
export const two = prefixed('two', { oneId: integer('one_id').references(() => one.id, { onDelete: 'cascade' }) });
export const copies = ['north', 'south'].map((name) => pgTable(`sales_${name}`, { id: id(), amount: integer() }));
export const [north, south] = copies;
export const oneRelations = relations(one, ({ many }) => ({ twos: many(two) }));
export const twoRelations = relations(two, ({ one: toOne }) => ({ one: toOne(one, { fields: [two.oneId], references: [one.id] }) }));
export const names = Object.keys(getTableColumns(one)).join() + getTableName(two);
export const derived = pgTable(`${getTableName(one)}_log`, { [one.title.name]: text() });
export const locked = pgTable('locked', { id: id() }).enableRLS();
export default pgTable('by_default', { id: id() });
