// Every schema of drizzle-kit's own test suite, in ours and in drizzle-kit.
// usage: node corpus.test.mjs path/to/node_modules

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { body, difference, hasPackages, moduleOf, ours, report, theirs } from './support.mjs';

const corpus = new URL('../../../../../shared/corpora/drizzle/', import.meta.url);

if (!existsSync(corpus) || !hasPackages) {
  console.log(`corpus: skipped, ${hasPackages ? '../shared/corpora is not there' : 'no node_modules with drizzle-kit and drizzle-orm given'}`);
} else {
  const recorded = [];
  const compared = [];
  for (const set of ['generate', 'push', 'introspect']) {
    for (const file of readdirSync(new URL(set, corpus)).sort()) {
      const example = JSON.parse(readFileSync(new URL(`${set}/${file}`, corpus), 'utf8'));
      for (const side of ['from', 'to']) {
        const text = example[`${side}_ts`];
        if (typeof text !== 'string') continue;
        const name = `${file} ${side}`;
        const casing = example.casing ?? undefined;
        const url = moduleOf(text, true);
        const snapshot = example[`${side}_snapshot`];
        if (snapshot) {
          recorded.push([name, async () => difference(body((await ours(url, { casing })).snapshot), body(snapshot), false)]);
        }
        compared.push([name, async () => {
          const kit = await theirs(url, casing);
          const mine = await ours(url, { casing });
          if (kit.error !== undefined) return `drizzle-kit: ${kit.error}`;
          return difference(body(mine.snapshot), body(kit.snapshot), true);
        }]);
      }
    }
  }
  await report('corpus against the recorded snapshots', recorded);
  await report('corpus against drizzle-kit', compared);
}
