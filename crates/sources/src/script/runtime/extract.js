// The exports of the schema files, as a drizzle-kit snapshot of version 7.

import { forgetBuilt } from './entity.js';
import { Session } from './session.js';
import { collect } from './collect.js';
import { tableSnapshot } from './extract_table.js';
import { enumSnapshot, schemaSnapshot, sequenceSnapshot, roleSnapshot } from './extract_objects.js';
import { linkedPolicy } from './extract_extras.js';
import { viewSnapshot } from './extract_view.js';
import { checkExported } from './unexported.js';
import { reportTaint } from './taint.js';

/**
 * `files` is `[{ path, exports }]` in the order of the config; `options` are
 * `casing` and `positions`. Answers JSON text: `{ snapshot, findings,
 * positions, unexported }`.
 */
export function extract(files, options) {
  const session = new Session(options ?? {});
  const found = collect(session, files ?? []);
  const snapshot = build(session, found);
  const unexported = checkExported(session, snapshot);
  if (found.count === 0) {
    session.report('no-tables', 'error', 'the schema files export nothing that Postgres could hold: no table, no enum, no view', {
      help: 'export the tables: `export const users = pgTable(...)`, and let `schema` in the config name the files that do',
    });
  }
  const text = JSON.stringify(snapshot);
  // Text that a stub turned into holds U+0001, which JSON writes as \u0001.
  if (text.includes('\\u0001')) reportTaint(session, snapshot);
  forgetBuilt();
  return `{"snapshot":${text},"findings":${JSON.stringify(session.findings)},"positions":${JSON.stringify(session.positions ?? {})},"unexported":${JSON.stringify(unexported)}}`;
}

function build(session, found) {
  const snapshot = {
    id: '',
    prevId: '',
    version: '7',
    dialect: 'postgresql',
    tables: {},
    enums: {},
    schemas: {},
    sequences: {},
    roles: {},
    policies: {},
    views: {},
    _meta: { columns: {}, schemas: {}, tables: {} },
  };
  session.snapshot = snapshot;
  for (const table of found.tables) tableSnapshot(session, table);
  for (const policy of found.policies) linkedPolicy(session, policy);
  for (const sequence of found.sequences) sequenceSnapshot(session, sequence);
  for (const role of found.roles) roleSnapshot(session, role);
  for (const view of found.views) viewSnapshot(session, view, false);
  for (const view of found.matViews) viewSnapshot(session, view, true);
  for (const one of found.enums) enumSnapshot(session, one);
  for (const schema of found.schemas) schemaSnapshot(session, schema);
  return snapshot;
}
