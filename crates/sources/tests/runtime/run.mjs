// All tests of the runtime.
// usage: node run.mjs [path/to/node_modules with drizzle-kit@0.31 and drizzle-orm@0.45]

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
let failed = false;
for (const file of readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort()) {
  const { status } = spawnSync(process.execPath, ['--no-warnings', `${here}${file}`, ...process.argv.slice(2)], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
