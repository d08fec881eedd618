import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const kind = pg.pgEnum('kind_of_an_organization_membership_invitation_that_is_still_to_be_accepted', ['a', 'b']);
export const p = pg.pgTable('very_long_table_name_for_organization_membership_invitations_of_people', { id: pg.serial('identifier').primaryKey(), kind: kind('kind').default('a') });
export const c = pg.pgTable('organization_membership_role_assignments', {
  id: pg.serial().primaryKey(),
  of: pg.integer('organization_membership_invitation_identifier').references(() => p.id),
}, (t) => [pg.check('role_assignments_are_for_invitations_that_have_an_identifier_above_zero', sql`${t.of} > 0`)]);
export const v = pg.pgView('v').as((qb) => qb.select().from(p));
