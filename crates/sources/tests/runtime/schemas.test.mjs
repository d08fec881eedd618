// Schemas of our own, in ours and in drizzle-kit: the same snapshot, key by key.
// usage: node schemas.test.mjs path/to/node_modules

import { readdirSync } from 'node:fs';
import { body, difference, hasPackages, ours, report, theirs } from './support.mjs';

const folder = new URL('./schemas/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.mjs') && file !== 'helpers.mjs').sort();

if (!hasPackages) {
  console.log('schemas: skipped, no node_modules with drizzle-kit and drizzle-orm given');
} else {
  await report('schemas against drizzle-kit', files.map((file) => [file, async () => {
    const url = new URL(file, folder).href;
    const { casing } = await import(`${url}?real`);
    const kit = await theirs(url, casing);
    if (kit.error !== undefined) return `drizzle-kit: ${kit.error}`;
    const mine = await ours(url, { casing });
    if (mine.findings.length > 0) return mine.findings.map((one) => `${one.code}: ${one.message}`).join('\n    ');
    return difference(body(mine.snapshot), body(kit.snapshot), true);
  }]));
}
