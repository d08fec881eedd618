// Postgres array literals, as Drizzle reads and writes them.

export function makePgArray(list) {
  let text = '{';
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (i > 0) text += ',';
    if (Array.isArray(item)) text += makePgArray(item);
    else if (typeof item === 'string') text += `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    else text += `${item}`;
  }
  return `${text}}`;
}

/** Reads one array from `text`, which starts after its opening brace; answers the list and where it ended. */
export function parsePgNestedArray(text, startFrom = 0) {
  const list = [];
  let at = startFrom;
  let word = '';
  let pending = false; // a word has begun, be it empty
  const finish = () => {
    if (pending) list.push(word);
    word = '';
    pending = false;
  };
  while (at < text.length) {
    const char = text[at];
    if (char === '{') {
      const [inner, end] = parsePgNestedArray(text, at + 1);
      list.push(inner);
      at = end;
      continue;
    }
    at += 1;
    if (char === '}') {
      finish();
      return [list, at];
    }
    if (char === ',') {
      finish();
    } else if (char === '"') {
      pending = true;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\') at += 1;
        word += text[at] ?? '';
        at += 1;
      }
      at += 1;
    } else {
      pending = true;
      if (char === '\\') {
        word += text[at] ?? '';
        at += 1;
      } else {
        word += char;
      }
    }
  }
  finish();
  return [list, at];
}

export function parsePgArray(text) {
  return parsePgNestedArray(text, 1)[0];
}
