/** A database in memory, for pages that are given no IndexedDB: forgets everything with the page. */
import type { Database, Span, Transaction, Work } from './port.js';
import { closed, failure } from './failure.js';
import type { Migration, TableName, TableShape, Tables } from './schema.js';

/** Sorts before everything that a name can contain, so that joined keys sort as lists do. */
const JOINT = '\u0000';
/** Directly after all that begins with a key and a joint. */
const PAST = '\u0001';
const join = (parts: readonly string[]): string => parts.join(JOINT);

interface Entry {
  readonly key: string;
  readonly id: string;
}

/** The first place in a sorted list whose key is not before `key`. */
const lowerBound = (entries: readonly Entry[], key: string, id = ''): number => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry && (entry.key < key || (entry.key === key && entry.id < id))) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** One table with its sorted keys; the table's own go under the empty name. */
const createTable = (shape: TableShape) => {
  const values = new Map<string, object>();
  const indexes = new Map<string, Entry[]>();
  const index = (name: string): Entry[] => {
    const entries = indexes.get(name) ?? [];
    indexes.set(name, entries);
    return entries;
  };
  const read = (value: object, path: string): unknown => (value as Readonly<Record<string, unknown>>)[path];
  const idOf = (value: object): string => join(shape.key.map(path => String(read(value, path))));
  const keysOf = (value: object): readonly (readonly [string, string])[] => [
    ...Object.entries({ '': shape.key, ...shape.indexes }).flatMap(([name, paths]) => {
      const parts = paths.map(path => read(value, path));
      return parts.every(part => typeof part === 'string') ? [[name, join(parts)] as const] : [];
    }),
    ...Object.entries(shape.lists ?? {}).flatMap(([name, path]) => (read(value, path) as readonly string[]).map(key => [name, key] as const)),
  ];
  const remove = (id: string): object | undefined => {
    const value = values.get(id);
    if (!value) return undefined;
    values.delete(id);
    for (const [name, key] of keysOf(value)) index(name).splice(lowerBound(index(name), key, id), 1);
    return value;
  };
  const put = (value: object): object | undefined => {
    const id = idOf(value);
    const before = remove(id);
    values.set(id, value);
    for (const [name, key] of keysOf(value)) index(name).splice(lowerBound(index(name), key, id), 0, { key, id });
    return before;
  };
  const range = (name: string, from: string, to: string): readonly Entry[] => index(name).slice(lowerBound(index(name), from), lowerBound(index(name), to));
  return {
    idOf,
    get: (id: string) => values.get(id),
    put,
    remove,
    range,
    span: ({ index: name = '', prefix, after, before, first, last }: Span): readonly Entry[] => {
      const all = range(name, after === undefined ? join(prefix) : join([...prefix, after]) + PAST, before === undefined ? join(prefix) + PAST : join([...prefix, before]));
      return last === undefined ? all.slice(0, first) : all.slice(-last);
    },
  };
};

/** All tables that some versions made. */
const shapes = (steps: readonly Migration[]): ReadonlyMap<TableName, TableShape> => {
  const all = new Map<TableName, TableShape>();
  for (const [name, shape] of steps.flatMap(step => Object.entries(step) as [TableName, TableShape][])) {
    const before = all.get(name);
    all.set(name, { key: shape.key, indexes: { ...before?.indexes, ...shape.indexes }, lists: { ...before?.lists, ...shape.lists } });
  }
  return all;
};

/** An empty database. Transactions run one after the other, and one that fails is undone. */
export const openMemory = (migrations: readonly Migration[]): Database => {
  const tables = new Map([...shapes(migrations)].map(([name, shape]) => [name, createTable(shape)]));
  let tail: Promise<unknown> = Promise.resolve();
  let open = true;

  const table = (name: TableName): ReturnType<typeof createTable> => {
    const its = tables.get(name);
    if (!its) throw new Error(`There is no table ${name}`);
    return its;
  };
  const transaction = (undo: (() => void)[]): Transaction => {
    const found = <N extends TableName>(name: N, entries: readonly Entry[]) => entries.flatMap(({ id }) => structuredClone(table(name).get(id) as Tables[N] | undefined) ?? []);
    return {
      get: <N extends TableName>(name: N, key: readonly string[]) => Promise.resolve(structuredClone(table(name).get(join(key)) as Tables[N] | undefined)),
      all: (name, span) => Promise.resolve(found(name, table(name).span(span))),
      count: (name, span) => Promise.resolve(table(name).span(span).length),
      bearing: (key, most) => Promise.resolve(found('messages', table('messages').range('keys', key, key + PAST).slice(0, most))),
      put: (name, value) => {
        const its = table(name);
        const copy = structuredClone(value);
        const before = its.put(copy);
        undo.push(() => void (before ? its.put(before) : its.remove(its.idOf(copy))));
      },
      delete: (name, prefix) => {
        const its = table(name);
        for (const { id } of its.span({ prefix })) {
          const before = its.remove(id);
          if (before) undo.push(() => void its.put(before));
        }
      },
    };
  };
  const run = <T>(work: Work<T>): Promise<T> => {
    if (!open) return Promise.reject(closed());
    const result = tail.then(async () => {
      const undo: (() => void)[] = [];
      try {
        return await work(transaction(undo));
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw failure(error);
      }
    });
    tail = result.then(() => undefined, () => undefined);
    return result;
  };
  return {
    read: (_tables, work) => run(work),
    change: (_tables, work) => run(work),
    close: async () => {
      open = false;
      await tail;
    },
  };
};
