/** Small values under an account and a key: of plugins, and of the device. */
import type { CommitTransaction, KeyValue } from './contract.js';
import type { Database, Transaction } from './port.js';

export const createKeyValue = (database: Database): KeyValue => ({
  get: <T>(account: string, key: string) => database.read(['keyvalue'], async tx => (await tx.get('keyvalue', [account, key]))?.value as T | undefined),
  set: (account, key, value) => database.change(['keyvalue'], tx => tx.put('keyvalue', { account, key, value })),
  delete: (account, key) => database.change(['keyvalue'], tx => tx.delete('keyvalue', [account, key])),
});

/** A value that is to be stored; without one it is to be deleted. */
interface Waiting {
  readonly account: string;
  readonly key: string;
  readonly value?: unknown;
}

/** The hands of plugins in a transaction that is not theirs. Nothing is written before `flush`, so one that breaks the rules cannot write half; each sees what was set before. */
export const commitTransaction = (tx: Transaction): { readonly plugin: CommitTransaction; flush(): void } => {
  const waiting = new Map<string, Waiting>();
  const nameOf = (account: string, key: string): string => JSON.stringify([account, key]);
  const keep = (value: Waiting): Promise<void> => {
    waiting.set(nameOf(value.account, value.key), value);
    return Promise.resolve();
  };
  return {
    plugin: {
      get: async <T>(account: string, key: string) => (waiting.get(nameOf(account, key)) ?? (await tx.get('keyvalue', [account, key])))?.value as T | undefined,
      set: (account, key, value) => keep({ account, key, value }),
      delete: (account, key) => keep({ account, key }),
    },
    flush: () => {
      for (const { account, key, value } of waiting.values()) {
        if (value === undefined) tx.delete('keyvalue', [account, key]);
        else tx.put('keyvalue', { account, key, value });
      }
    },
  };
};
