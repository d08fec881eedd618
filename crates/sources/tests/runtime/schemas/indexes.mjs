// Every index option.
import { and, isNotNull, isNull, sql } from 'drizzle-orm';
import { index, integer, jsonb, pgSchema, pgTable, text, timestamp, uniqueIndex, vector } from 'drizzle-orm/pg-core';

export const posts = pgTable('posts', {
  id: integer().primaryKey(), title: text().notNull(), body: text('body_text'), tags: text().array(), data: jsonb(), deletedAt: timestamp('deleted_at'), embedding: vector({ dimensions: 3 }),
}, (t) => [
  index().on(t.title), index('named').on(t.title, t.body), uniqueIndex().on(t.body), uniqueIndex('uniq').on(t.title.asc(), t.body.desc()),
  index('nulls').on(t.title.nullsFirst(), t.body.nullsLast(), t.deletedAt.desc().nullsFirst()), index('only').onOnly(t.title.desc()),
  index('gin').using('gin', t.tags), index('gin_ops').using('gin', t.data.op('jsonb_path_ops')), index('hash').using('hash', t.title),
  index('hnsw').using('hnsw', t.embedding.op('vector_cosine_ops')).with({ m: 16, ef_construction: 64 }),
  index('conc').on(t.title.op('text_pattern_ops')).concurrently(), index('filled').on(t.body).with({ fillfactor: '70' }),
  index('live').on(t.title).where(isNull(t.deletedAt)), uniqueIndex('live_unique').on(t.title, t.body).where(and(isNull(t.deletedAt), isNotNull(t.body))),
  index('lower').on(sql`lower(${t.title})`), index('mixed').on(t.id, sql`coalesce(${t.body}, '')`, t.title.desc()),
  index('trgm').using('gin', sql`${t.title} gin_trgm_ops`), uniqueIndex('expr_where').on(sql`(${t.data}->>'k')`).where(sql`${t.data} ? 'k'`),
  index('all').using('btree', t.title.asc().nullsFirst().op('text_ops')).where(sql`${t.id} > 10`).with({ deduplicate_items: false }).concurrently(),
]);
export const old = pgTable('old', { a: text(), b: text() }, (table) => ({
  aIdx: index('old_a_idx').on(table.a), bIdx: uniqueIndex().on(table.b.desc(), table.a), again: index().on(table.b),
}));
export const area = pgSchema('area');
export const inArea = area.table('posts', { a: text(), b: text() }, (t) => [index('named').on(t.a), index().on(t.b).where(sql`${t.a} = 'x'`), index('e').on(sql`lower(${t.b})`)]);
