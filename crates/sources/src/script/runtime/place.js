// A table (or view) while it is written: its names and the JSON text of its
// parts. Text, and not objects for JSON.stringify, because QuickJS is slow at
// objects and most of the text repeats.

import { TableName, Schema, EnableRLS } from './entity.js';
import { tableWords } from './session.js';

export class Place {
  constructor(table) {
    const schema = table[Schema];
    this.table = table;
    this.name = table[TableName];
    this.schema = schema;
    this.schemaName = schema ?? 'public';
    this.tableKey = `${this.schemaName}.${this.name}`;
    this.columns = '';
    this.indexes = '';
    this.foreignKeys = '';
    this.primaryKeys = '';
    this.uniques = '';
    this.checks = '';
    this.primary = 0; // how many primary keys
    this.refers = undefined; // columns with references() and their names, in turn
  }

  get key() {
    return `table ${this.tableKey}`;
  }

  get words() {
    return tableWords(this.table);
  }

  get text() {
    const policies = this.policies === undefined ? '{}' : JSON.stringify(this.policies);
    return `${quoted(this.tableKey)}:{"name":${quoted(this.name)},"schema":${this.schema === undefined ? '""' : quoted(this.schema)},"columns":{${this.columns}},"indexes":{${this.indexes}},"foreignKeys":{${this.foreignKeys}},"compositePrimaryKeys":{${this.primaryKeys}},"uniqueConstraints":{${this.uniques}},"policies":${policies},"checkConstraints":{${this.checks}},"isRLSEnabled":${this.table[EnableRLS]}}`;
  }
}
Place.prototype.policies = undefined; // by name
Place.prototype.checkNames = undefined;
Place.prototype.constraintKinds = undefined; // by name
Place.prototype.firstForeignKey = undefined;
Place.prototype.foreignKeyTexts = undefined; // by name, once there are two

const texts = new Map();

/** JSON text of a name that comes again and again: of a column, a type, a default. */
export function quoted(value) {
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    texts.set(value, text);
  }
  return text;
}

/** `"a","b"` */
export function quotedList(names) {
  let text = quoted(names[0]);
  for (let i = 1; i < names.length; i++) text += `,${quoted(names[i])}`;
  return text;
}
