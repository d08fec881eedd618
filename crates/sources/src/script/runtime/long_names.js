// Long names: Postgres keeps 63 bytes of a name, and names that begin alike become one.

const LONGEST = 63;

const BEYOND_ASCII = /[^\0-\x7f]/;

/** False for nearly every name, and quick to say so: words and keys are made only for the rest. */
export function mayBeLong(name) {
  return typeof name === 'string' && name.length > 20 && (name.length > LONGEST - 4 || BEYOND_ASCII.test(name));
}

/** `name` as Postgres stores it, or undefined where it is too short to be like a longer one. */
function stored(name) {
  if (!mayBeLong(name)) return undefined;
  let bytes = 0;
  let units = 0;
  for (const character of name) {
    const code = character.codePointAt(0);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > LONGEST) return name.slice(0, units);
    units += character.length;
  }
  // 61 bytes may be all that is left of a longer name: no character is cut in two.
  return bytes > LONGEST - 4 ? name : undefined;
}

/** Whether Postgres would have to cut it. */
export function isTooLong(name) {
  const kept = stored(name);
  return kept !== undefined && kept !== name;
}

/** Reports `name` when another one in `space` becomes the same; `words` and `object` say whose it is. */
export function takeLongName(session, space, name, words, object) {
  const kept = stored(name);
  if (kept === undefined) return;
  const key = `${space}\n${kept}`;
  session.longNames ??= new Map();
  const before = session.longNames.get(key);
  if (before === undefined) {
    session.longNames.set(key, { name, words });
  } else if (before.name !== name) {
    session.error('names-cut-alike', `${before.words} and ${words} get the same name in Postgres, which keeps ${LONGEST} bytes of one`, {
      object,
      notes: [`both become "${kept}"`],
      help: 'give one of them a shorter name of its own; keys, indexes and identities take one too: foreignKey({ name: "..." }), unique("..."), index("...")',
    });
  }
}
