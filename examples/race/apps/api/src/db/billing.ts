/**
 * What accounts owe us. A schema of its own: the finance tools get access to `billing` and to
 * nothing else.
 */
import { sql, type SQL } from 'drizzle-orm';
import {
  bigint,
  boolean,
  char,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  text,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { cents, createdAt, id, moment, timestamps } from './columns';
import { accountId, perAccount, sameAccount } from './tenant.js';

export const billing = pgSchema('billing');

export const billingCycle = billing.enum('billing_cycle', ['month', 'year']);

export const invoiceStatus = billing.enum('invoice_status', [
  'draft',
  'open',
  'paid',
  'uncollectible',
  'void',
]);

/** Invoice numbers count up over all accounts, as the tax office wants it. */
export const invoiceNumbers = billing.sequence('invoice_numbers', { startWith: 1000, cache: 1 });

/** The price list. The same for everybody, kept by us. */
export const plans = billing.table(
  'plans',
  {
    code: varchar('code', { length: 32 }).primaryKey(),
    name: text('name').notNull(),
    pricePerMonth: cents('price_per_month'),
    includedEvents: bigint('included_events', { mode: 'number' }).notNull(),
    overagePerMillion: numeric('overage_per_million', { precision: 10, scale: 2 }),
    features: jsonb('features').$type<string[]>().notNull().default([]),
    isOffered: boolean('is_offered').notNull().default(true),
  },
  (t) => [check('plans_price_not_negative', sql`${t.pricePerMonth} >= 0`)],
);

export const subscriptions = billing.table(
  'subscriptions',
  {
    id: id(),
    accountId: accountId(),
    planCode: varchar('plan_code', { length: 32 })
      .notNull()
      .references(() => plans.code, { onDelete: 'restrict', onUpdate: 'cascade' }),
    cycle: billingCycle('cycle').notNull().default('month'),
    startsOn: date('starts_on').notNull().defaultNow(),
    endsOn: date('ends_on'),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    uniqueIndex('subscriptions_one_running').on(t.accountId).where(sql`${t.endsOn} is null`),
    check('subscriptions_ends_after_start', sql`${t.endsOn} is null or ${t.endsOn} > ${t.startsOn}`),
  ],
);

export const invoices = billing.table(
  'invoices',
  {
    id: id(),
    accountId: accountId(),
    number: bigint('number', { mode: 'number' })
      .notNull()
      .default(sql`nextval('billing.invoice_numbers')`),
    subscriptionId: uuid('subscription_id'),
    /** A credit note corrects an earlier invoice. */
    correctsId: uuid('corrects_id'),
    status: invoiceStatus('status').notNull().default('draft'),
    currency: char('currency', { length: 3 }).notNull().default('EUR'),
    subtotal: cents('subtotal'),
    tax: cents('tax'),
    total: bigint('total', { mode: 'number' })
      .notNull()
      .generatedAlwaysAs((): SQL => sql`subtotal + tax`),
    issuedOn: date('issued_on'),
    dueOn: date('due_on'),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    unique('invoices_number_key').on(t.accountId, t.number),
    // An invoice outlives its subscription: the subscription cannot be deleted before it.
    sameAccount(
      'invoices_subscription_fk',
      [t.accountId, t.subscriptionId],
      subscriptions,
      'no action',
    ),
    sameAccount('invoices_corrects_fk', [t.accountId, t.correctsId], t, 'restrict'),
    index('invoices_unpaid_idx')
      .on(t.accountId, t.dueOn.asc().nullsLast())
      .where(sql`${t.status} = 'open'`),
    check('invoices_issued_when_open', sql`${t.status} = 'draft' or ${t.issuedOn} is not null`),
  ],
);

export const invoiceLines = billing.table(
  'invoice_lines',
  {
    accountId: accountId(),
    invoiceId: uuid('invoice_id').notNull(),
    position: integer('position').notNull(),
    description: text('description').notNull(),
    quantity: numeric('quantity', { precision: 12, scale: 3 }).notNull().default('1'),
    amount: cents('amount'),
  },
  (t) => [
    // One line per position, and nothing else identifies a line.
    unique('invoice_lines_position_key').on(t.accountId, t.invoiceId, t.position),
    sameAccount('invoice_lines_invoice_fk', [t.accountId, t.invoiceId], invoices),
    check('invoice_lines_position_positive', sql`${t.position} > 0`),
  ],
);

export const payments = billing.table(
  'payments',
  {
    id: id(),
    accountId: accountId(),
    invoiceId: uuid('invoice_id').notNull(),
    amount: cents('amount'),
    provider: text('provider', { enum: ['card', 'sepa', 'manual'] }).notNull(),
    providerReference: text('provider_reference'),
    receivedAt: moment('received_at').notNull(),
    ...createdAt,
  },
  (t) => [
    perAccount(t),
    unique('payments_reference_key').on(t.accountId, t.provider, t.providerReference),
    sameAccount('payments_invoice_fk', [t.accountId, t.invoiceId], invoices, 'restrict'),
    check('payments_provider_known', sql`${t.provider} in ('card', 'sepa', 'manual')`),
  ],
);
