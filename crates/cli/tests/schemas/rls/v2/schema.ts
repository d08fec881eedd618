// A clinic: roles and policies declared next to the tables they guard.
import { sql } from 'drizzle-orm';
import {
  boolean,
  pgPolicy,
  pgRole,
  pgSchema,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

export const reception = pgRole('reception');
export const doctor = pgRole('doctor', { inherit: true });
export const nurse = pgRole('nurse');
export const auditor = pgRole('auditor', { createDb: false, createRole: false, inherit: true });
export const deployer = pgRole('deployer', { createDb: true, createRole: true });
/** Made by Postgres; named in a policy, never created. */
export const monitor = pgRole('pg_monitor').existing();

const owned = (column: string) => sql`${sql.identifier(column)} = current_setting('clinic.user', true)::uuid`;

export const patients = pgTable(
  'patients',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    doctorId: uuid('doctor_id').notNull(),
    isArchived: boolean('is_archived').notNull().default(false),
  },
  (t) => [
    pgPolicy('reception sees who is not archived', {
      for: 'select',
      to: reception,
      using: sql`${t.isArchived} = false and ${t.name} <> ''`,
    }),
    pgPolicy('reception_registers', {
      as: 'permissive',
      for: 'insert',
      to: reception,
      withCheck: sql`${t.isArchived} = false`,
    }),
    pgPolicy('doctor_has_own_patients', {
      for: 'all',
      to: [doctor, nurse],
      using: owned('doctor_id'),
      withCheck: owned('doctor_id'),
    }),
    pgPolicy('auditors_read', { for: 'select', to: [auditor, monitor], using: sql`true` }),
  ],
);

export const visits = pgTable(
  'visits',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    patientId: uuid('patient_id')
      .notNull()
      .references(() => patients.id, { onDelete: 'cascade' }),
    at: timestamp('at', { withTimezone: true }).notNull(),
    diagnosis: text('diagnosis'),
  },
  (t) => ({
    office: pgPolicy('office_hours_only', {
      as: 'restrictive',
      for: 'all',
      to: 'public',
      using: sql`extract(hour from ${t.at}) between 7 and 19`,
    }),
    update: pgPolicy('doctor_corrects', {
      for: 'update',
      to: doctor,
      using: sql`exists (select 1 from patients where patients.id = ${t.patientId})`,
      withCheck: sql`${t.diagnosis} is not null`,
    }),
    remove: pgPolicy('nobody_deletes', { for: 'delete', to: 'public', using: sql`false` }),
    read: pgPolicy('nurses_read', { for: 'select', to: nurse, using: sql`true` }),
  }),
);

/** No policy at all: closed to everybody but its owner. */
export const secrets = pgTable('secrets', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
}).enableRLS();

/** Not guarded. */
export const rooms = pgTable('rooms', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
}).enableRLS();

export const records = pgSchema('records');

export const scans = records.table('scans', {
  id: uuid('id').primaryKey().defaultRandom(),
  patientId: uuid('patient_id')
    .notNull()
    .references(() => patients.id),
});

/** Written apart from its table. */
export const scansOfOwnPatients = pgPolicy('scans_of_own_patients', {
  for: 'select',
  to: doctor,
  using: sql`exists (select 1 from public.patients p where p.id = patient_id and not p.is_archived)`,
}).link(scans);
