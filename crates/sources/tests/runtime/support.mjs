// Evaluates a schema with the real drizzle-orm and with ours.

import { createRequire, register } from 'node:module';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = process.argv[2] ?? process.env.DRIFTLESS_NODE_MODULES;
export const packages = given === undefined ? undefined : resolve(given);
export const hasPackages = packages !== undefined && existsSync(join(packages, 'drizzle-kit')) && existsSync(join(packages, 'drizzle-orm'));

const runtime = new URL('../../src/script/runtime/', import.meta.url).href;
register('./hooks.mjs', import.meta.url, {
  data: { runtime, packages: hasPackages ? pathToFileURL(join(packages, 'any.mjs')).href : undefined },
});

export const { extract } = await import(`${runtime}extract.js`);
export const { forgetBuilt } = await import(`${runtime}entity.js`);
export const { stub, taintOf } = await import(`${runtime}stub.js`);

// drizzle-kit brings esbuild, which takes the types out of a schema.
const esbuild = hasPackages ? createRequire(join(packages, 'drizzle-kit', 'any.cjs'))('esbuild') : undefined;
const api = hasPackages ? createRequire(join(packages, 'any.cjs'))('drizzle-kit/api') : undefined;

const folder = mkdtempSync(join(tmpdir(), 'driftless-runtime-'));
let count = 0;

/** Writes `text` as a module and answers its address; `typed` text is TypeScript. */
export function moduleOf(text, typed = false) {
  count += 1;
  const file = join(folder, `m${count}.mjs`);
  writeFileSync(file, typed && esbuild !== undefined ? esbuild.transformSync(text, { loader: 'ts' }).code : text);
  return pathToFileURL(file).href;
}

/** What we make of the modules at `urls`. */
export async function ours(urls, options = {}) {
  forgetBuilt();
  const files = [];
  for (const url of [urls].flat()) files.push({ path: 'schema.ts', exports: await import(`${url}?runtime`) });
  return JSON.parse(extract(files, options));
}

/** What drizzle-kit makes of the module at `url`: its snapshot, or the words it dies with. */
export async function theirs(url, casing) {
  const said = [];
  const { exit } = process;
  const { log } = console;
  process.exit = () => {
    throw new Error('drizzle-kit gave up');
  };
  console.log = (...words) => said.push(words.join(' '));
  try {
    const exports = await import(`${url}?real`);
    return { snapshot: JSON.parse(JSON.stringify(api.generateDrizzleJson(exports, undefined, undefined, casing))) };
  } catch (error) {
    return { error: `${error.message} ${said.join(' ')}` };
  } finally {
    process.exit = exit;
    console.log = log;
  }
}

/** The first place where two values differ, in words; undefined when none. Keys are compared in order when `ordered`. */
export function difference(left, right, ordered, path = '') {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return Object.is(left, right) ? undefined : `${path}: ${JSON.stringify(left)} instead of ${JSON.stringify(right)}`;
  }
  const leftKeys = Object.keys(left);
  const rightKeys = Object.keys(right);
  if (!ordered) {
    leftKeys.sort();
    rightKeys.sort();
  }
  if (leftKeys.join('\n') !== rightKeys.join('\n')) {
    return `${path}: keys ${JSON.stringify(leftKeys)} instead of ${JSON.stringify(rightKeys)}`;
  }
  for (const key of leftKeys) {
    const found = difference(left[key], right[key], ordered, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The parts of a snapshot that say what is in the schema. */
export function body({ tables, enums, schemas, sequences, roles, policies, views }) {
  return { tables, enums, schemas, sequences, roles, policies, views };
}

/** Runs named checks and says how it went; a check answers undefined, or what is wrong. */
export async function report(title, checks) {
  const wrong = [];
  for (const [name, check] of checks) {
    let said;
    try {
      said = await check();
    } catch (error) {
      said = error.stack.split('\n').slice(0, 4).join('\n    ');
    }
    if (said !== undefined) wrong.push(`  ${name}\n    ${said}`);
  }
  console.log(`${title}: ${checks.length - wrong.length} of ${checks.length}`);
  if (wrong.length > 0) {
    console.log(wrong.join('\n'));
    process.exitCode = 1;
  }
}
