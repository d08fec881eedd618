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
import { textWasMade } from './stub.js';

/**
 * `files` is `[{ path, exports }]` in the order of the config; `options` are
 * `casing` and `positions`. Answers JSON text: `{ snapshot, fickle,
 * findings, positions, unexported }`, `fickle` if it looked at more than the files.
 */
export function extract(files, options) {
  const session = new Session(options ?? {});
  const found = collect(session, files ?? []);
  build(session, found);
  const unexported = checkExported(session);
  if (found.count === 0) {
    session.report('no-tables', 'error', 'the schema files export nothing that Postgres could hold: no table, no enum, no view', {
      help: 'export the tables: `export const users = pgTable(...)`, and let `schema` in the config name the files that do',
    });
  }
  const snapshot = snapshotText(session);
  if (textWasMade) reportTaint(session, JSON.parse(snapshot));
  forgetBuilt();
  const fickle = globalThis.__driftless?.fickle === true;
  const rest = JSON.stringify({ fickle, findings: session.findings, positions: session.positions ?? {}, unexported });
  return `{"snapshot":${snapshot},${rest.slice(1)}`;
}

function build(session, found) {
  session.snapshot = { enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {} };
  for (const table of found.tables) tableSnapshot(session, table);
  for (const policy of found.policies) linkedPolicy(session, policy);
  for (const sequence of found.sequences) sequenceSnapshot(session, sequence);
  for (const role of found.roles) roleSnapshot(session, role);
  for (const view of found.views) viewSnapshot(session, view, false);
  for (const view of found.matViews) viewSnapshot(session, view, true);
  for (const one of found.enums) enumSnapshot(session, one);
  for (const schema of found.schemas) schemaSnapshot(session, schema);
}

function snapshotText(session) {
  const tables = [];
  for (const place of session.tables.values()) tables.push(place.text);
  const { enums, schemas, sequences, roles, policies } = session.snapshot;
  const rest = JSON.stringify({ enums, schemas, sequences, roles, policies });
  return `{"id":"","prevId":"","version":"7","dialect":"postgresql","tables":{${tables.join(',')}},${rest.slice(1, -1)},"views":{${session.views.join(',')}},"_meta":{"columns":{},"schemas":{},"tables":{}}}`;
}
