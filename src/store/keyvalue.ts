/** Small values under an account and a key: of plugins, and of the device. */
import type { CommitTransaction, KeyValue } from './contract.js';
import type { Database, Transaction } from './port.js';

export const createKeyValue = (database: Database): KeyValue => ({
  get: <T>(account: string, key: string) => database.read(['keyvalue'], async tx => (await tx.get('keyvalue', [account, key]))?.value as T | undefined),
  set: (account, key, value) => database.write(['keyvalue'], async tx => tx.put('keyvalue', { account, key, value })),
  delete: (account, key) => database.write(['keyvalue'], async tx => tx.delete('keyvalue', [account, key])),
});

/** The hands of plugins in a transaction that is not theirs. Nothing is written before `flush`, so one that breaks the rules cannot write half; each sees what was set before. */
export const commitTransaction = (tx: Transaction): { readonly plugin: CommitTransaction; flush(): void } => {
  const waiting = new Map<string, { readonly account: string; readonly key: string; readonly value?: unknown }>();
  const nameOf = (account: string, key: string): string => JSON.stringify([account, key]);
  return {
    plugin: {
      get: async <T>(account: string, key: string) => (waiting.get(nameOf(account, key)) ?? (await tx.get('keyvalue', [account, key])))?.value as T | undefined,
      set: async (account, key, value) => void waiting.set(nameOf(account, key), { account, key, value }),
      delete: async (account, key) => void waiting.set(nameOf(account, key), { account, key }),
    },
    flush: () => {
      for (const { account, key, value } of waiting.values()) {
        if (value === undefined) tx.delete('keyvalue', [account, key]);
        else tx.put('keyvalue', { account, key, value });
      }
    },
  };
};
