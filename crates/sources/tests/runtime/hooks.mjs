// A Node loader hook: a module imported with `?runtime` gets our modules for
// `drizzle-orm`, one imported with `?real` gets the npm package.

let roots;

export async function initialize(data) {
  roots = data;
}

export function runtimeFile(specifier) {
  if (specifier === 'drizzle-orm/supabase' || specifier.startsWith('drizzle-orm/supabase/')) return 'supabase.js';
  if (specifier === 'drizzle-orm/neon' || specifier.startsWith('drizzle-orm/neon/')) return 'neon.js';
  if (specifier === 'drizzle-orm/pg-core' || specifier.startsWith('drizzle-orm/pg-core/')) return 'pg_core.js';
  return 'orm.js';
}

export async function resolve(specifier, context, next) {
  const suffix = /\?(runtime|real)$/.exec(context.parentURL ?? '')?.[0];
  if (suffix === undefined) return next(specifier, context);
  if (specifier === 'drizzle-orm' || specifier.startsWith('drizzle-orm/')) {
    if (suffix === '?runtime') return { url: new URL(runtimeFile(specifier), roots.runtime).href, format: 'module', shortCircuit: true };
    return next(specifier, { ...context, parentURL: roots.packages });
  }
  if (!specifier.startsWith('.')) return next(specifier, context);
  const found = await next(specifier, context);
  return { ...found, url: found.url.replace(/\?.*$/, '') + suffix };
}

export async function load(url, context, next) {
  if (url.startsWith(roots?.runtime ?? '\0')) return next(url, { ...context, format: 'module' });
  return next(url, context);
}
