// A library's catalogue and loans, and what its staff looks at: views of every kind.
import {
  and,
  asc,
  avg,
  count,
  countDistinct,
  desc,
  eq,
  exists,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  max,
  not,
  notInArray,
  or,
  sql,
  sum,
} from 'drizzle-orm';
import {
  alias,
  boolean,
  date,
  integer,
  numeric,
  pgMaterializedView,
  pgSchema,
  pgTable,
  pgView,
  QueryBuilder,
  serial,
  text,
  timestamp,
  varchar,
} from 'drizzle-orm/pg-core';

export const authors = pgTable('authors', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  bornOn: date('born_on'),
});

export const books = pgTable('books', {
  id: serial('id').primaryKey(),
  isbn: varchar('isbn', { length: 13 }).unique(),
  title: text('title').notNull(),
  authorId: integer('author_id')
    .notNull()
    .references(() => authors.id),
  sequelToId: integer('sequel_to_id'),
  price: numeric('price', { precision: 8, scale: 2 }),
  isLost: boolean('is_lost').notNull().default(false),
});

export const members = pgTable('members', {
  id: serial('id').primaryKey(),
  email: text('email').notNull().unique(),
  joinedAt: timestamp('joined_at', { withTimezone: true }).notNull().defaultNow(),
});

export const loans = pgTable('loans', {
  id: serial('id').primaryKey(),
  bookId: integer('book_id')
    .notNull()
    .references(() => books.id),
  memberId: integer('member_id')
    .notNull()
    .references(() => members.id),
  dueOn: date('due_on').notNull(),
  returnedAt: timestamp('returned_at', { withTimezone: true }),
  renewals: integer('renewals').notNull().default(0),
});

/** The simplest one: a filter, all columns. */
export const availableBooks = pgView('available_books').as((qb) =>
  qb.select().from(books).where(eq(books.isLost, false)),
);

/** A view over a view. */
export const cheapBooks = pgView('cheap_books').as((qb) =>
  qb
    .select({ id: availableBooks.id, title: availableBooks.title })
    .from(availableBooks)
    .where(and(isNotNull(availableBooks.price), lt(availableBooks.price, '10.00')))
    .orderBy(asc(availableBooks.title)),
);

/** Joins, aggregates, grouping, HAVING. */
export const authorStatistics = pgView('author_statistics').as((qb) =>
  qb
    .select({
      authorId: authors.id,
      name: authors.name,
      titles: count(books.id).as('titles'),
      readers: countDistinct(loans.memberId).as('readers'),
      averagePrice: avg(books.price).as('average_price'),
      worth: sum(books.price).as('worth'),
      lastDue: max(loans.dueOn).as('last_due'),
    })
    .from(authors)
    .innerJoin(books, eq(books.authorId, authors.id))
    .leftJoin(loans, eq(loans.bookId, books.id))
    .groupBy(authors.id, authors.name)
    .having(gt(count(books.id), 1)),
);

const sequels = alias(books, 'sequels');

/** The same table twice, under an alias. */
export const sequelPairs = pgView('sequel_pairs').as((qb) =>
  qb
    .select({
      firstId: sql<number>`${books.id}`.as('first_id'),
      firstTitle: sql<string>`${books.title}`.as('first_title'),
      nextId: sql<number>`${sequels.id}`.as('next_id'),
      nextTitle: sql<string>`initcap(${sequels.title})`.as('next_title'),
    })
    .from(books)
    .innerJoin(sequels, eq(sequels.sequelToId, books.id)),
);

/** Common table expressions, and a subquery to join with. */
export const busyMembers = pgView('busy_members').as((qb) => {
  const open = qb.$with('open_loans').as(
    qb
      .select({ memberId: loans.memberId, books: count().as('books') })
      .from(loans)
      .where(isNull(loans.returnedAt))
      .groupBy(loans.memberId),
  );
  const latest = qb
    .select({ memberId: loans.memberId, dueOn: max(loans.dueOn).as('due_on') })
    .from(loans)
    .groupBy(loans.memberId)
    .as('latest');
  return qb
    .with(open)
    .select({
      id: members.id,
      email: members.email,
      books: open.books,
      dueOn: latest.dueOn,
    })
    .from(members)
    .innerJoin(open, eq(open.memberId, members.id))
    .leftJoin(latest, eq(latest.memberId, members.id))
    .where(or(gte(open.books, 3), like(members.email, '%@library.example')))
    .orderBy(desc(open.books))
    .limit(100);
});

/** EXISTS, IN and a subquery as a value; the builder made outside of the callback. */
const outside = new QueryBuilder();
export const neverLent = pgView('never_lent')
  .with({ securityInvoker: true })
  .as((qb) =>
    qb
      .selectDistinct({ id: books.id, title: books.title })
      .from(books)
      .where(
        and(
          not(exists(outside.select({ one: sql`1` }).from(loans).where(eq(loans.bookId, books.id)))),
          notInArray(books.id, [0, -1]),
          inArray(books.authorId, qb.select({ id: authors.id }).from(authors)),
        ),
      ),
  );

/** An updatable view, written as SQL. */
export const openLoans = pgView('open_loans', {
  id: integer('id'),
  bookId: integer('book_id'),
  memberId: integer('member_id'),
  dueOn: date('due_on'),
})
  .with({ checkOption: 'cascaded' })
  .as(sql`select id, book_id, member_id, due_on from ${loans} where ${loans.returnedAt} is null`);

/** Who could be asked to bring a book back. */
export const renewedLoans = pgView('renewed_loans').as((qb) =>
  qb
    .select({ loanId: openLoans.id, dueOn: openLoans.dueOn, renewals: loans.renewals })
    .from(openLoans)
    .innerJoin(loans, eq(loans.id, openLoans.id))
    .where(gt(loans.renewals, 0)),
);

/** What Postgres keeps itself: queried, never created. */
export const activity = pgView('pg_stat_activity', {
  pid: integer('pid'),
  state: text('state'),
}).existing();

export const statistics = pgSchema('statistics');

export const loansPerDay = statistics.materializedView('loans_per_day').as((qb) =>
  qb
    .select({ dueOn: loans.dueOn, loans: sql<number>`count(*)::int`.as('loans') })
    .from(loans)
    .groupBy(loans.dueOn),
);

export const overdue = statistics
  .view('overdue')
  .as((qb) => qb.select().from(loans).where(sql`${loans.dueOn} < current_date`));

export const popularBooks = pgMaterializedView('popular_books', {
  bookId: integer('book_id'),
  times: integer('times'),
})
  .using('heap')
  .with({ fillfactor: 70 })
  .withNoData()
  .as(sql`select book_id, count(*)::int as times from loans group by book_id`);
