import { hash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.ts';
import { wellFormed } from '../../base/well-formed.ts';
import type { RowOf, SharedTables, TableName } from './tables.ts';

/** Collects the rows that the vaults of a subscription share. */
export interface RowBook {
  /** The key of the row, which follows from its content. */
  share<Table extends TableName>(table: Table, row: RowOf<Table>): string;
  /** The same for a row that is made of two values: for the same ones the key is known without making the row. */
  shareMade<Table extends TableName>(table: Table, of: object, and: unknown, make: () => RowOf<Table>): string;
  /** Tables that hold anything, with their rows by key. */
  tables(): Partial<SharedTables>;
}

const order: readonly TableName[] = [
  'principals',
  'permissions',
  'decisions',
  'held',
  'choices',
  'reasons',
  'actions',
  'gains',
  'gained',
  'remarks',
  'roles',
  'customRoles',
  'facts',
  'texts',
];

export function rowBook(): RowBook {
  const books = new Map<TableName, { readonly byText: Map<string, string>; readonly rows: Map<string, unknown> }>();
  // Entries share choices, and choices share lists: most rows are asked for by the very value that was kept.
  const byValue = new Map<TableName, WeakMap<object, string>>();
  const byParts = new Map<TableName, WeakMap<object, Map<unknown, string>>>();
  const bookOf = (table: TableName) => {
    const known = books.get(table) ?? { byText: new Map<string, string>(), rows: new Map<string, unknown>() };
    books.set(table, known);
    return known;
  };
  const keep = (table: TableName, row: unknown): string => {
    const book = bookOf(table);
    const text = typeof row === 'string' ? row : JSON.stringify(row);
    const known = book.byText.get(text);
    if (known !== undefined) return known;
    const clean = wellFormed(row);
    const key = rowKeyOf(clean);
    book.byText.set(text, key);
    book.rows.set(key, clean);
    return key;
  };
  return {
    share(table, row) {
      if (typeof row !== 'object') return keep(table, row);
      const known = byValue.get(table) ?? new WeakMap<object, string>();
      byValue.set(table, known);
      const key = known.get(row) ?? keep(table, row);
      known.set(row, key);
      return key;
    },
    shareMade(table, of, and, make) {
      const known = byParts.get(table) ?? new WeakMap<object, Map<unknown, string>>();
      byParts.set(table, known);
      const keys = known.get(of) ?? new Map<unknown, string>();
      known.set(of, keys);
      const key = keys.get(and) ?? keep(table, make());
      keys.set(and, key);
      return key;
    },
    tables() {
      return Object.fromEntries(
        order.flatMap((table) => {
          const rows = books.get(table)?.rows;
          return rows === undefined ? [] : [[table, Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)))]];
        }),
      );
    },
  };
}

/** 132 bits of the digest: nobody finds two rows of one key. */
export function rowKeyOf(row: unknown): string {
  return hash('sha256', canonicalJson(row), 'base64url').slice(0, 22);
}
