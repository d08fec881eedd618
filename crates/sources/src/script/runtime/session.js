// What one extraction carries around: options, findings, and the names taken.

import { STACK, TableName, Schema } from './entity.js';
import { SQL, StringChunk } from './sql.js';
import { Writer } from './render.js';
import { mayBeLong, takeLongName } from './long_names.js';

export class Session {
  constructor(options) {
    this.casing = options.casing ?? undefined;
    this.writer = new Writer(this.casing);
    this.convert = this.writer.convert;
    this.positions = options.positions ? {} : undefined;
    this.findings = [];
    this.tables = new Map(); // `schema.name` -> what is known of the table
    this.views = []; // JSON texts
    this.snapshot = undefined; // the other kinds
    this.columnTexts = new Map(); // column name -> its JSON texts, by type
    this.indexedTexts = new Map(); // column name -> its JSON text in an index
    this.exportNames = new Map(); // object -> `name in file`
    this.relations = new Map(); // schema -> name -> what has it: `{ kind, place }`
    this.usedEnums = new Map(); // enum -> key and words of its first column
    this.usedSchemas = new Map(); // schema name -> the same of the first object in it
    this.usedRoles = new Map();
    this.references = new Map(); // table -> the first foreign key that refers to it
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
    what = what.replace(/^the /, '');
    const seen = `${what}\n${path}`;
    this.tainted ??= new Set();
    if (this.tainted.has(seen)) return;
    this.tainted.add(seen);
    const hash = path.indexOf('#');
    const origin = hash < 0 ? path.replace(/[.([].*$/s, '') : path.slice(0, hash);
    const verb = /^(some|columns|values|extras) /.test(what) ? 'come' : 'comes';
    this.report('tainted-value', 'error', `${what} ${verb} from "${path}", which is not evaluated`, {
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
    if (typeof stack !== 'string') return;
    if (this.positions[key] === undefined) this.positions[key] = stack;
    else if (this.positions[key] !== stack) this.positions[`${key} again`] ??= stack; // for what is declared twice
  }

  columnName(column) {
    return this.convert !== undefined && column.keyAsName ? this.convert(column.name) : column.name;
  }

  /** Takes `name` in `schema` for a `kind` of `place`; another one with the name is reported as `code`. */
  takeRelation(schema, name, kind, place, code) {
    let names = this.relations.get(schema);
    if (names === undefined) {
      names = new Map();
      this.relations.set(schema, names);
    }
    const before = names.get(name);
    if (before === undefined) {
      names.set(name, { kind, place });
      if (mayBeLong(name)) {
        takeLongName(this, `relation ${schema}`, name, relationWords(kind, name, place), relationKey(kind, schema, name, place));
      }
      if (kind === 'unique constraint' || kind === 'primary key') return this.takeConstraint(kind, name, place);
      return true;
    }
    const first = relationWords(before.kind, name, before.place);
    const second = relationWords(kind, name, place);
    const message = first === second
      ? `${first} is declared twice`
      : `the name "${name}" is taken twice in schema "${schema}": by ${first} and by ${second}`;
    this.error(code, message, {
      object: relationKey(kind, schema, name, place),
      notes: [`the first is ${first}`, `the second is ${second}`],
      help: 'give one of them another name; tables, indexes, views, sequences and unique constraints of a schema share their names',
    });
    return false;
  }

  /** The names of a table's constraints: keys, checks and foreign keys share them. */
  takeConstraint(kind, name, place) {
    const kinds = place.constraintKinds ??= new Map();
    const before = kinds.get(name);
    if (before !== undefined && before !== kind) {
      this.error('duplicate-constraint', `the name "${name}" is taken twice in ${place.words}: by a ${before} and by a ${kind}`, {
        object: `constraint ${place.tableKey}.${name}`,
        help: 'give one of them another name; the keys and checks of a table share their names',
      });
      return false;
    }
    kinds.set(name, kind);
    if (mayBeLong(name)) takeLongName(this, `constraint ${place.tableKey}`, name, `${kind} "${name}" of ${place.words}`, `constraint ${place.tableKey}.${name}`);
    return true;
  }

  /** SQL text of `value`, which is the `kind` called `name` of `place`. */
  sqlText(value, kind, name, place, bareColumns = false) {
    const { writer } = this;
    if (value instanceof SQL && value.queryChunks.length === 1 && value.queryChunks[0] instanceof StringChunk) {
      const { value: parts } = value.queryChunks[0];
      return parts.length === 1 ? String(parts[0]) : parts.join('');
    }
    let text;
    try {
      text = writer.write(value instanceof SQL ? value : new SQL([value]), bareColumns);
    } catch (error) {
      this.exception(error, `writing ${partWords(kind, name, place)}`, partKey(kind, name, place));
      return '';
    }
    if (writer.problems.length > 0) {
      for (const problem of writer.problems) {
        this.error('sql-without-text', `${partWords(kind, name, place)} cannot be written as SQL: ${problem}`, {
          object: partKey(kind, name, place),
          help: 'write the value itself into the sql`` template',
        });
      }
      writer.problems.length = 0;
    }
    return text;
  }
}

/** `the default of column "a" of table "t"` for the kind `default of column` called `a`. */
export function partWords(kind, name, place) {
  return name === undefined ? `the ${kind} of ${place.words}` : `the ${kind} "${name}" of ${place.words}`;
}

/** The key of the position map for the same. */
export function partKey(kind, name, place) {
  if (name === undefined) return place.key;
  if (kind.endsWith('column')) return `column ${place.tableKey}.${name}`;
  if (kind.endsWith('index')) return `index ${place.schemaName}.${name}`;
  if (kind.endsWith('policy')) return `policy ${place.tableKey}.${name}`;
  return `constraint ${place.tableKey}.${name}`;
}

const NAMED_ALONE = new Set(['table', 'view', 'sequence']);

const relationWords = (kind, name, place) => (NAMED_ALONE.has(kind) ? place.words : `${kind} "${name}" of ${place.words}`);

/** The key of the position map for a relation. */
function relationKey(kind, schema, name, place) {
  const isConstraint = kind === 'unique constraint' || kind === 'primary key';
  return isConstraint ? `constraint ${place.tableKey}.${name}` : `${kind} ${schema}.${name}`;
}

/** `table "users"`, or `table "auth.users"` outside public. */
export function tableWords(table) {
  const schema = table[Schema];
  return `table "${schema === undefined ? '' : `${schema}.`}${table[TableName]}"`;
}
