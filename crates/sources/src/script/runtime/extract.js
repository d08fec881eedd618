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
 * `casing` and `positions`. Answers JSON text: `{ snapshot, findings,
 * positions, unexported }`. Where there is `take`, it gets the tables piece by
 * piece as JSON texts, which another thread can read meanwhile, and the
 * snapshot has none.
 */
export function extract(files, options, take) {
  const session = new Session(options ?? {});
  const found = collect(session, files ?? []);
  build(session, found, take);
  const unexported = checkExported(session);
  if (found.count === 0) {
    session.report('no-tables', 'error', 'the schema files export nothing that Postgres could hold: no table, no enum, no view', {
      help: 'export the tables: `export const users = pgTable(...)`, and let `schema` in the config name the files that do',
    });
  }
  const snapshot = snapshotText(session, take === undefined);
  if (textWasMade) reportTaint(session, JSON.parse(take === undefined ? snapshot : snapshotText(session, true)));
  forgetBuilt();
  const rest = JSON.stringify({ findings: session.findings, positions: session.positions ?? {}, unexported });
  return `{"snapshot":${snapshot},${rest.slice(1)}`;
}

/** Tables in one piece. */
const PIECE = 50;

function build(session, found, take) {
  session.snapshot = { enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {} };
  const pieces = take === undefined ? undefined : new Pieces(session, take);
  // A linked policy is written into its table later.
  const soon = pieces !== undefined && found.policies.length === 0;
  for (let i = 0; i < found.tables.length; i++) {
    tableSnapshot(session, found.tables[i]);
    if (soon && i % PIECE === PIECE - 1) pieces.hand();
  }
  for (const policy of found.policies) linkedPolicy(session, policy);
  pieces?.hand();
  for (const sequence of found.sequences) sequenceSnapshot(session, sequence);
  for (const role of found.roles) roleSnapshot(session, role);
  for (const view of found.views) viewSnapshot(session, view, false);
  for (const view of found.matViews) viewSnapshot(session, view, true);
  for (const one of found.enums) enumSnapshot(session, one);
  for (const schema of found.schemas) schemaSnapshot(session, schema);
}

/** Hands over tables that are complete. */
class Pieces {
  constructor(session, take) {
    this.places = session.tables.values();
    this.take = take;
  }

  hand() {
    const texts = [];
    for (let next = this.places.next(); !next.done; next = this.places.next()) {
      texts.push(next.value.text);
      if (texts.length < PIECE) continue;
      this.take(`{${texts.join(',')}}`);
      texts.length = 0;
    }
    if (texts.length > 0) this.take(`{${texts.join(',')}}`);
  }
}

function snapshotText(session, withTables) {
  const tables = [];
  if (withTables) for (const place of session.tables.values()) tables.push(place.text);
  const { enums, schemas, sequences, roles, policies } = session.snapshot;
  const rest = JSON.stringify({ enums, schemas, sequences, roles, policies });
  return `{"id":"","prevId":"","version":"7","dialect":"postgresql","tables":{${tables.join(',')}},${rest.slice(1, -1)},"views":{${session.views.join(',')}},"_meta":{"columns":{},"schemas":{},"tables":{}}}`;
}
