// What one extraction carries around: options, findings, and the names taken.

import { STACK, TableName, Schema } from './entity.js';
import { SQL } from './sql.js';
import { Writer } from './render.js';

export class Session {
  constructor(options) {
    this.casing = options.casing ?? undefined;
    this.writer = new Writer(this.casing);
    this.convert = this.writer.convert;
    this.positions = options.positions ? {} : undefined;
    this.findings = [];
    this.snapshot = undefined;
    this.exportNames = new Map(); // object -> `name in file`
    this.relations = new Map(); // schema -> name -> key of the table, index, view or sequence that has it
    this.usedEnums = new Map(); // enum -> key and words of its first column
    this.usedSchemas = new Map(); // schema name -> the same of the first object in it
    this.usedRoles = new Map();
    this.references = []; // foreign keys whose target must be exported
    this.tablePolicies = new Set();
  }

  report(code, severity, message, more) {
    const finding = { code, severity, message };
    if (more !== undefined) {
      if (more.help !== undefined) finding.help = more.help;
      if (more.notes !== undefined) finding.notes = more.notes;
      if (more.object !== undefined) finding.object = more.object;
      if (more.stack !== undefined) finding.stack = more.stack;
      if (more.origin !== undefined) finding.origin = more.origin;
    }
    this.findings.push(finding);
  }

  error(code, message, more) {
    this.report(code, 'error', message, more);
  }

  /** Reports that `what` came from something that was not evaluated; once for each place and origin. */
  taint(what, path, object) {
    const seen = `${what}\n${path}`;
    this.tainted ??= new Set();
    if (this.tainted.has(seen)) return;
    this.tainted.add(seen);
    const hash = path.indexOf('#');
    const origin = hash < 0 ? path.replace(/[.([].*$/s, '') : path.slice(0, hash);
    this.report('tainted-value', 'error', `${what} comes from "${path}", which is not evaluated`, {
      object,
      origin,
      help: `write the value out, or move it into a file of the project: "${origin}" is a stand-in while the schema is read`,
    });
  }

  /** Reports an exception of the user's own code and goes on. */
  exception(error, doing, object) {
    const message = error instanceof Error ? error.message : String(error);
    this.report('schema-exception', 'error', `${doing} failed: ${message}`, {
      object,
      stack: error instanceof Error ? error.stack : undefined,
    });
  }

  /** Remembers where `object`, called `key`, was built. The first one of a name stays. */
  place(key, object) {
    if (this.positions === undefined) return;
    const stack = typeof object === 'string' ? object : object?.[STACK];
    if (typeof stack === 'string' && this.positions[key] === undefined) this.positions[key] = stack;
  }

  columnName(column) {
    return this.convert !== undefined && column.keyAsName ? this.convert(column.name) : column.name;
  }

  /** Takes `name` in `schema` for the thing `key`; another one with the name is reported as `code`. */
  takeRelation(schema, name, key, code) {
    let names = this.relations.get(schema);
    if (names === undefined) {
      names = new Map();
      this.relations.set(schema, names);
    }
    const before = names.get(name);
    if (before === undefined) {
      names.set(name, key);
      return true;
    }
    this.error(code, `the name "${name}" is taken twice in schema "${schema}": by ${say(before)} and by ${say(key)}`, {
      object: key,
      notes: [`the first is ${say(before)}`],
      help: 'give one of them another name; tables, indexes, views, sequences and unique constraints of a schema share their names',
    });
    return false;
  }

  /** SQL text of `value`, in words `what` where it cannot be written. */
  sqlText(value, what, object, bareColumns = false) {
    const writer = this.writer;
    let text;
    try {
      text = writer.write(value instanceof SQL ? value : new SQL([value]), bareColumns);
    } catch (error) {
      this.exception(error, `writing ${what}`, object);
      return '';
    }
    if (writer.problems.length > 0) {
      for (const problem of writer.problems) {
        this.error('sql-without-text', `${what} cannot be written as SQL: ${problem}`, {
          object,
          help: 'write the value itself into the sql`` template',
        });
      }
      writer.problems.length = 0;
    }
    return text;
  }
}

/** `table "users"`, or `table "auth.users"` outside public. */
export function tableWords(table) {
  const schema = table[Schema];
  return `table "${schema === undefined ? '' : `${schema}.`}${table[TableName]}"`;
}

/** A key of the position map in words: `index public.a_idx` is `index "a_idx"`. */
export function say(key) {
  const at = key.indexOf(' ');
  const name = key.slice(at + 1);
  return `${key.slice(0, at)} "${name.startsWith('public.') ? name.slice(7) : name}"`;
}
