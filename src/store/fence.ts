/** Keeps a tab that does not hold the session any more from writing what the network once brought it. */
import { ChatError } from '../base/errors.js';
import { markOf } from '../base/id.js';
import type { Database, Transaction, Work } from './port.js';
import type { TableName } from './schema.js';

/** Under the device's own account, so that it outlives the account that it speaks of, whose name is not to be read there. */
const keyOf = (account: string): readonly [string, string] => ['', `epoch/${markOf(account)}`];

export interface Fence {
  /** Takes the session of an account over: whoever held it before may not write for it any more. Settles with the new epoch. */
  hold(account: string): Promise<number>;
  /** Shuts out whoever holds it now, in a transaction with the table `keyvalue`. */
  bar(tx: Transaction, account: string): Promise<void>;
  /** As `Database.change`, for what only the holder may write. Rejects with ChatError storage/fenced, and changes nothing, where another store has taken over from this one. */
  change<T>(account: string, tables: readonly TableName[], work: Work<T>, durability?: 'strict' | 'relaxed'): Promise<T>;
}

const FENCED = Symbol('fenced');

export const createFence = (database: Database): Fence => {
  const held = new Map<string, number>();
  const next = async (tx: Transaction, account: string, first: number): Promise<number> => {
    const [owner, key] = keyOf(account);
    const last = (await tx.get('keyvalue', [owner, key]))?.value;
    const value = typeof last === 'number' ? last + 1 : first;
    if (value > 0) tx.put('keyvalue', { account: owner, key, value });
    return value;
  };
  const checked = async <T>(mine: number, account: string, tables: readonly TableName[], work: Work<T>, durability: 'strict' | 'relaxed' | undefined): Promise<T> => {
    const result = await database.change(
      [...new Set([...tables, 'keyvalue' as const])],
      async tx => {
        // Nobody has taken over from us where there is no epoch at all, as in a database that was emptied.
        const now = (await tx.get('keyvalue', keyOf(account)))?.value ?? mine;
        return now === mine ? work(tx) : FENCED;
      },
      durability,
    );
    if (result === FENCED) throw new ChatError('storage', 'fenced', 'no');
    return result;
  };
  return {
    hold: async account => {
      // Counting from the time: what begins anew, as where the data of the site was cleared under open tabs, is above all that was before.
      const epoch = await database.change(['keyvalue'], tx => next(tx, account, Math.max(Date.now(), (held.get(account) ?? 0) + 1)), 'strict');
      held.set(account, epoch);
      return epoch;
    },
    bar: async (tx, account) => {
      // Nobody has ever held most accounts of visitors.
      await next(tx, account, 0);
    },
    change: (account, tables, work, durability) => {
      const mine = held.get(account);
      return mine === undefined ? database.change(tables, work, durability) : checked(mine, account, tables, work, durability);
    },
  };
};
