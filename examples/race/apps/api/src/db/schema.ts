/**
 * The schema of Race, which measures how fast web pages load for the people who open them.
 *
 * This file is what drizzle.config.ts names, so everything that Postgres must know is exported
 * from here: its own tables, and those of the files beside it.
 */
import { and, count, eq, isNull, max, ne, relations, sql, type SQL } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  index,
  inet,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { defaultProjectSettings, type ProjectSettings } from '@/settings';
import { invoiceLines, invoices, payments, subscriptions } from './billing.js';
import { bytea, createdAt, id, moment, softDelete, timestamps, tsvector } from './columns.js';
import {
  alertMetric,
  apiScope,
  deliveryStatus,
  environmentKind,
  eventKind,
  incidentStatus,
  IncidentStatus,
} from './enums';
import {
  accountId,
  accounts,
  memberships,
  perAccount,
  sameAccount,
  teamMembers,
  teams,
  users,
} from './tenant.js';

export * from './billing.js';
export * from './enums';
export * from './tenant';

/** One web site or app whose pages are measured. */
export const projects = pgTable(
  'projects',
  {
    id: id(),
    accountId: accountId(),
    teamId: uuid('team_id'),
    slug: varchar('slug', { length: 63 }).notNull(),
    name: text('name').notNull(),
    domains: text('domains').array().notNull().default([]),
    settings: jsonb('settings')
      .$type<ProjectSettings>()
      .notNull()
      .default(defaultProjectSettings),
    ...timestamps,
    ...softDelete,
  },
  (t) => [
    perAccount(t),
    // A slug is free again once its project is deleted.
    uniqueIndex('projects_slug_key').on(t.accountId, t.slug).where(sql`${t.deletedAt} is null`),
    index('projects_domains_idx').using('gin', t.domains),
    sameAccount('projects_team_fk', [t.accountId, t.teamId], teams, 'restrict'),
  ],
);

export const environments = pgTable(
  'environments',
  {
    id: id(),
    accountId: accountId(),
    projectId: uuid('project_id').notNull(),
    kind: environmentKind('kind').notNull().default('production'),
    name: text('name').notNull(),
    baseUrl: text('base_url').notNull(),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    unique('environments_name_key').on(t.accountId, t.projectId, t.name),
    sameAccount('environments_project_fk', [t.accountId, t.projectId], projects),
    check('environments_url_is_https', sql`${t.kind} = 'preview' or ${t.baseUrl} like 'https://%'`),
  ],
);

/** Only a hash of the key is kept; the prefix is what people see in the list of their keys. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    accountId: accountId(),
    environmentId: uuid('environment_id').notNull(),
    label: text('label').notNull(),
    prefix: varchar('prefix', { length: 12 }).notNull(),
    hash: bytea('hash').notNull(),
    scopes: apiScope('scopes').array().notNull().default(['ingest']),
    createdById: uuid('created_by_id').references(() => users.id, { onDelete: 'set null' }),
    lastUsedAt: moment('last_used_at'),
    lastUsedFrom: inet('last_used_from'),
    revokedAt: moment('revoked_at'),
    ...createdAt,
  },
  (t) => [
    perAccount(t),
    unique('api_keys_prefix_key').on(t.accountId, t.prefix),
    index('api_keys_live_idx').using('hash', t.hash).where(sql`${t.revokedAt} is null`),
    sameAccount('api_keys_environment_fk', [t.accountId, t.environmentId], environments),
    check('api_keys_hash_is_sha256', sql`octet_length(${t.hash}) = 32`),
  ],
);

/** What browsers send. By far the largest table: no updates, deleted by age. */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity({ cache: 100 }),
    accountId: accountId(),
    environmentId: uuid('environment_id').notNull(),
    kind: eventKind('kind').notNull(),
    /** Made by the browser, so that an event sent twice is kept once. */
    clientKey: uuid('client_key').notNull(),
    path: text('path').notNull(),
    durationMs: integer('duration_ms'),
    statusCode: smallint('status_code'),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull().default({}),
    occurredAt: moment('occurred_at').notNull(),
    receivedAt: moment('received_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    unique('events_client_key').on(t.accountId, t.environmentId, t.clientKey),
    sameAccount('events_environment_fk', [t.accountId, t.environmentId], environments),
    index('events_recent_idx').on(t.accountId, t.environmentId, t.occurredAt.desc()),
    index('events_age_idx').using('brin', t.occurredAt).with({ pages_per_range: 32 }),
    index('events_payload_idx').using('gin', t.payload.op('jsonb_path_ops')),
    index('events_errors_idx')
      .on(t.accountId, t.occurredAt)
      .where(sql`${t.kind} = 'error' or ${t.statusCode} >= 500`),
    check('events_duration_not_negative', sql`${t.durationMs} >= 0`),
  ],
);

/** Events, summed up per day. Kept when the events themselves have long been deleted. */
export const dailyRollups = pgTable(
  'daily_rollups',
  {
    accountId: accountId(),
    environmentId: uuid('environment_id').notNull(),
    day: date('day').notNull(),
    kind: eventKind('kind').notNull(),
    events: bigint('events', { mode: 'number' }).notNull().default(0),
    errors: bigint('errors', { mode: 'number' }).notNull().default(0),
    p75: doublePrecision('p75'),
    p95: doublePrecision('p95'),
  },
  (t) => [
    primaryKey({
      name: 'daily_rollups_pk',
      columns: [t.accountId, t.environmentId, t.day, t.kind],
    }),
    sameAccount('daily_rollups_environment_fk', [t.accountId, t.environmentId], environments),
    check('daily_rollups_errors_are_events', sql`${t.errors} between 0 and ${t.events}`),
  ],
);

export const alertRules = pgTable(
  'alert_rules',
  {
    id: id(),
    accountId: accountId(),
    environmentId: uuid('environment_id').notNull(),
    name: text('name').notNull(),
    metric: alertMetric('metric').notNull().default('p75'),
    threshold: doublePrecision('threshold').notNull(),
    windowMinutes: smallint('window_minutes').notNull().default(15),
    isMuted: boolean('is_muted').notNull().default(false),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    sameAccount('alert_rules_environment_fk', [t.accountId, t.environmentId], environments),
    check('alert_rules_window', sql`${t.windowMinutes} between 1 and 1440`),
    check('alert_rules_rate_is_a_share', sql`${t.metric} <> 'error_rate' or ${t.threshold} <= 1`),
  ],
);

export const incidents = pgTable(
  'incidents',
  {
    id: id(),
    accountId: accountId(),
    projectId: uuid('project_id').notNull(),
    alertRuleId: uuid('alert_rule_id'),
    /** Two alerts with one cause: the later incident points at the one that is worked on. */
    mergedIntoId: uuid('merged_into_id'),
    status: incidentStatus('status').notNull().default(IncidentStatus.Open),
    title: text('title').notNull(),
    summary: text('summary').notNull().default(''),
    assigneeId: uuid('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    openedAt: moment('opened_at').notNull().defaultNow(),
    resolvedAt: moment('resolved_at'),
    search: tsvector('search').generatedAlwaysAs(
      (): SQL => sql`to_tsvector('english', title || ' ' || summary)`,
    ),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    sameAccount('incidents_project_fk', [t.accountId, t.projectId], projects),
    sameAccount('incidents_alert_rule_fk', [t.accountId, t.alertRuleId], alertRules, 'no action'),
    sameAccount('incidents_merged_into_fk', [t.accountId, t.mergedIntoId], t, 'no action'),
    index('incidents_search_idx').using('gin', t.search),
    index('incidents_open_idx')
      .on(t.accountId, t.projectId, t.openedAt.desc().nullsFirst())
      .where(sql`${t.status} <> 'resolved'`),
    check('incidents_resolved_has_time', sql`(${t.status} = 'resolved') = (${t.resolvedAt} is not null)`),
    check('incidents_not_merged_into_itself', sql`${t.mergedIntoId} <> ${t.id}`),
  ],
);

export const incidentComments = pgTable(
  'incident_comments',
  {
    id: id(),
    accountId: accountId(),
    incidentId: uuid('incident_id').notNull(),
    replyToId: uuid('reply_to_id'),
    authorId: uuid('author_id').references(() => users.id, { onDelete: 'set null' }),
    body: text('body').notNull(),
    ...timestamps,
    ...softDelete,
  },
  (t) => [
    perAccount(t),
    sameAccount('incident_comments_incident_fk', [t.accountId, t.incidentId], incidents),
    sameAccount('incident_comments_reply_to_fk', [t.accountId, t.replyToId], t),
    index('incident_comments_thread_idx').on(t.accountId, t.incidentId, t.createdAt),
    check('incident_comments_not_empty', sql`length(trim(${t.body})) > 0`),
  ],
);

export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: id(),
    accountId: accountId(),
    projectId: uuid('project_id').notNull(),
    url: text('url').notNull(),
    secret: bytea('secret').notNull(),
    headers: jsonb('headers').$type<Record<string, string>>().notNull().default({}),
    isEnabled: boolean('is_enabled').notNull().default(true),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    unique('webhook_endpoints_url_key').on(t.accountId, t.projectId, t.url),
    sameAccount('webhook_endpoints_project_fk', [t.accountId, t.projectId], projects),
  ],
);

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: id(),
    accountId: accountId(),
    endpointId: uuid('endpoint_id').notNull(),
    status: deliveryStatus('status').notNull().default('waiting'),
    attempts: smallint('attempts').notNull().default(0),
    body: jsonb('body').notNull(),
    lastError: text('last_error'),
    nextAttemptAt: moment('next_attempt_at').defaultNow(),
    ...createdAt,
  },
  (t) => [
    perAccount(t),
    sameAccount('webhook_deliveries_endpoint_fk', [t.accountId, t.endpointId], webhookEndpoints),
    index('webhook_deliveries_due_idx')
      .on(t.nextAttemptAt)
      .where(sql`${t.status} = 'waiting'`)
      .with({ fillfactor: 70 }),
  ],
);

/** Who did what. Written by the API, read by the account's admins, never changed. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity(),
    accountId: accountId(),
    actorId: uuid('actor_id').references(() => users.id, { onDelete: 'set null' }),
    action: text('action').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    index('audit_log_recent_idx').on(t.accountId, t.at.desc()),
  ],
);

/**
 * What the start page lists. `securityInvoker` makes Postgres check the reader's rights and
 * policies; without it the view would read with its owner's and show every account.
 */
export const projectOverview = pgView('project_overview')
  .with({ securityInvoker: true })
  .as((qb) =>
    qb
      .select({
        accountId: projects.accountId,
        projectId: projects.id,
        name: projects.name,
        openIncidents: count(incidents.id).as('open_incidents'),
        lastIncidentAt: max(incidents.openedAt).as('last_incident_at'),
      })
      .from(projects)
      .leftJoin(
        incidents,
        and(
          eq(incidents.accountId, projects.accountId),
          eq(incidents.projectId, projects.id),
          ne(incidents.status, IncidentStatus.Resolved),
        ),
      )
      .where(isNull(projects.deletedAt))
      .groupBy(projects.accountId, projects.id, projects.name),
  );

// For `db.query`: which rows belong together. Nothing below reaches the database.

export const accountsRelations = relations(accounts, ({ many }) => ({
  memberships: many(memberships),
  projects: many(projects),
  subscriptions: many(subscriptions),
  invoices: many(invoices),
}));

export const usersRelations = relations(users, ({ one, many }) => ({
  invitedBy: one(users, { fields: [users.invitedById], references: [users.id] }),
  memberships: many(memberships),
}));

export const membershipsRelations = relations(memberships, ({ one }) => ({
  account: one(accounts, { fields: [memberships.accountId], references: [accounts.id] }),
  user: one(users, { fields: [memberships.userId], references: [users.id] }),
}));

export const teamsRelations = relations(teams, ({ one, many }) => ({
  parent: one(teams, {
    fields: [teams.accountId, teams.parentId],
    references: [teams.accountId, teams.id],
    relationName: 'team_tree',
  }),
  children: many(teams, { relationName: 'team_tree' }),
  members: many(teamMembers),
}));

export const projectsRelations = relations(projects, ({ one, many }) => ({
  account: one(accounts, { fields: [projects.accountId], references: [accounts.id] }),
  environments: many(environments),
  incidents: many(incidents),
  webhooks: many(webhookEndpoints),
}));

export const environmentsRelations = relations(environments, ({ one, many }) => ({
  project: one(projects, { fields: [environments.projectId], references: [projects.id] }),
  apiKeys: many(apiKeys),
}));

export const incidentsRelations = relations(incidents, ({ one, many }) => ({
  project: one(projects, { fields: [incidents.projectId], references: [projects.id] }),
  assignee: one(users, { fields: [incidents.assigneeId], references: [users.id] }),
  comments: many(incidentComments),
}));

export const webhookEndpointsRelations = relations(webhookEndpoints, ({ many }) => ({
  deliveries: many(webhookDeliveries),
}));

export const invoicesRelations = relations(invoices, ({ one, many }) => ({
  account: one(accounts, { fields: [invoices.accountId], references: [accounts.id] }),
  lines: many(invoiceLines),
  payments: many(payments),
}));
