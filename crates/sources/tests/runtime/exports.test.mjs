// Every name that drizzle-orm exports is there.
// usage: node exports.test.mjs path/to/node_modules

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasPackages, moduleOf, packages, report } from './support.mjs';

/** Subpath of drizzle-orm, and where its files are. */
const modules = [
  ['drizzle-orm', 'index.js'], ['drizzle-orm/pg-core', 'pg-core/index.js'], ['drizzle-orm/supabase', 'supabase/index.js'],
  ['drizzle-orm/neon', 'neon/index.js'], ['drizzle-orm/sql', 'sql/index.js'], ['drizzle-orm/sql/sql', 'sql/sql.js'],
  ['drizzle-orm/relations', 'relations.js'], ['drizzle-orm/table', 'table.js'], ['drizzle-orm/column', 'column.js'],
  ['drizzle-orm/entity', 'entity.js'], ['drizzle-orm/casing', 'casing.js'], ['drizzle-orm/alias', 'alias.js'],
  ['drizzle-orm/subquery', 'subquery.js'], ['drizzle-orm/errors', 'errors.js'], ['drizzle-orm/logger', 'logger.js'],
  ['drizzle-orm/view-common', 'view-common.js'], ['drizzle-orm/column-builder', 'column-builder.js'],
  ['drizzle-orm/pg-core/columns', 'pg-core/columns/index.js'], ['drizzle-orm/pg-core/columns/all', 'pg-core/columns/all.js'],
  ['drizzle-orm/pg-core/query-builders', 'pg-core/query-builders/index.js'], ['drizzle-orm/pg-core/view-base', 'pg-core/view-base.js'],
  ['drizzle-orm/pg-core/columns/common', 'pg-core/columns/common.js'], ['drizzle-orm/pg-core/expressions', 'pg-core/expressions.js'],
];

if (!hasPackages) {
  console.log('exports: skipped, no node_modules with drizzle-kit and drizzle-orm given');
} else {
  await report('exports', modules.map(([specifier, file]) => [specifier, async () => {
    const real = await import(pathToFileURL(join(packages, 'drizzle-orm', file)).href);
    const { all } = await import(`${moduleOf(`import * as all from '${specifier}'; export { all };`)}?runtime`);
    const missing = Object.keys(real).filter((name) => all[name] === undefined && real[name] !== undefined && real[name] !== null);
    return missing.length === 0 ? undefined : `missing: ${missing.join(' ')}`;
  }]));
}
