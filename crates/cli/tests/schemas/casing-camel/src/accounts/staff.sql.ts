import { boolean, foreignKey, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { base } from '../shared';

export const staff = pgTable(
  'staff',
  {
    ...base,
    log_in_name: text().notNull().unique(),
    reports_to: uuid(),
    is_on_duty: boolean().notNull().default(false),
    desk_phone: text(),
  },
  (t) => [
    foreignKey({ columns: [t.reports_to], foreignColumns: [t.row_id] }).onDelete('set null'),
    unique('one_phone_each').on(t.desk_phone),
  ],
);
