// One view of the snapshot.

import { ViewBaseConfig, PgViewConfig, PgMaterializedViewConfig } from './entity.js';
import { PgColumn } from './column.js';
import { columnText } from './extract_table.js';

export function viewSnapshot(session, view, materialized) {
  const { name, schema, query, selectedFields, isExisting } = view[ViewBaseConfig];
  const options = view[materialized ? PgMaterializedViewConfig : PgViewConfig] ?? {};
  const schemaName = schema ?? 'public';
  const tableKey = `${schemaName}.${name}`;
  const key = `view ${tableKey}`;
  const words = `view "${schema === undefined ? name : tableKey}"`;
  session.place(key, view);
  if (typeof name !== 'string' || name === '') {
    session.error('view-without-name', `the view exported as "${session.exportNames.get(view).name}" has no name`, {
      object: key,
      help: 'give the name first: pgView("active_users")',
    });
    return;
  }
  if (schema !== undefined && !session.usedSchemas.has(schema) && !isExisting) {
    session.usedSchemas.set(schema, { object: key, words });
  }
  const place = { name, schemaName, tableKey, key, words, isView: true };
  if (!session.takeRelation(schemaName, name, 'view', place, 'duplicate-view')) return;

  const columns = new Map(); // two fields may be columns of one name, then the second counts
  for (const field of Object.keys(selectedFields)) {
    const column = fieldOf(session, selectedFields, field, place);
    if (!(column instanceof PgColumn)) continue;
    // Unlike in tables, the key stays as it is whatever the casing: drizzle-kit's way.
    columns.set(column.name, columnText(session, place, column, column.name));
  }
  const out = {};
  if (!isExisting) out.definition = session.sqlText(query, 'definition', undefined, place);
  out.name = name;
  out.schema = schemaName;
  out.isExisting = isExisting;
  if (options.with !== undefined) out.with = options.with;
  if (options.withNoData !== undefined) out.withNoData = options.withNoData;
  out.materialized = materialized;
  if (options.tablespace !== undefined) out.tablespace = options.tablespace;
  if (options.using !== undefined) out.using = options.using;
  session.views.push(`${JSON.stringify(tableKey)}:{"columns":{${[...columns.values()].join()}},${JSON.stringify(out).slice(1)}`);
}

function fieldOf(session, fields, key, place) {
  try {
    return fields[key];
  } catch (error) {
    session.exception(error, `field "${key}" of ${place.words}`, place.key);
    return undefined;
  }
}
