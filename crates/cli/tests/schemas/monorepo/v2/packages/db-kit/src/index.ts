export { createTable, PREFIX } from './table.js';
export * from './columns';
export type { Translated } from './types';
