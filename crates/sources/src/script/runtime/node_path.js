// `node:path` as it is on POSIX: text only, no files.

export const sep = '/';
export const delimiter = ':';

const cwd = () => globalThis.process?.cwd?.() ?? '/';
const textOf = (path) => (typeof path === 'string' ? path : String(path));

/** Drops `.` and resolves `..` between slashes. */
function segments(path, absolute) {
  const kept = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  return kept.join('/');
}

export function isAbsolute(path) {
  return textOf(path).startsWith('/');
}

export function normalize(path) {
  path = textOf(path);
  if (path === '') return '.';
  const absolute = isAbsolute(path);
  let text = segments(path, absolute);
  if (text !== '' && path.endsWith('/')) text += '/';
  if (absolute) return `/${text}`;
  return text === '' ? (path.endsWith('/') ? './' : '.') : text;
}

export function join(...paths) {
  const text = paths.map(textOf).filter((path) => path !== '').join('/');
  return text === '' ? '.' : normalize(text);
}

export function resolve(...paths) {
  let text = '';
  for (let i = paths.length - 1; i >= 0 && !text.startsWith('/'); i--) {
    const path = textOf(paths[i]);
    if (path !== '') text = text === '' ? path : `${path}/${text}`;
  }
  if (!text.startsWith('/')) text = `${cwd()}/${text}`;
  return `/${segments(text, true)}`;
}

export function dirname(path) {
  const text = withoutEnd(textOf(path));
  const at = text.lastIndexOf('/');
  if (at < 0) return '.';
  return at === 0 ? '/' : withoutEnd(text.slice(0, at));
}

export function basename(path, suffix) {
  const text = withoutEnd(textOf(path));
  const base = text.slice(text.lastIndexOf('/') + 1);
  return suffix && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
}

export function extname(path) {
  const base = basename(path);
  const at = base.lastIndexOf('.');
  return at <= 0 || base === '..' ? '' : base.slice(at);
}

const withoutEnd = (text) => (text.length > 1 ? text.replace(/\/+$/, '') || '/' : text);

export function relative(from, to) {
  const left = resolve(from).split('/').filter(Boolean);
  const right = resolve(to).split('/').filter(Boolean);
  let same = 0;
  while (same < left.length && same < right.length && left[same] === right[same]) same += 1;
  return [...left.slice(same).map(() => '..'), ...right.slice(same)].join('/');
}

export function parse(path) {
  const text = textOf(path);
  const base = basename(text);
  const ext = extname(text);
  const root = isAbsolute(text) ? '/' : '';
  const dir = dirname(text);
  return { root, dir: withoutEnd(text).includes('/') ? dir : '', base, ext, name: ext ? base.slice(0, -ext.length) : base };
}

export function format({ dir, root = '', base, name = '', ext = '' }) {
  const last = base ?? name + (ext && !ext.startsWith('.') ? `.${ext}` : ext);
  if (!dir) return root + last;
  return dir === root ? dir + last : `${dir}/${last}`;
}

export const toNamespacedPath = (path) => path;

const path = {
  sep, delimiter, isAbsolute, normalize, join, resolve, dirname, basename, extname, relative, parse, format, toNamespacedPath,
};
export const posix = path;
export const win32 = path;
path.posix = path;
path.win32 = path;
export default path;
