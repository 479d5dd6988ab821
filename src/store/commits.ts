/** What plugins write in the transaction of a message. Loaded by the first message with which one does. */
import type { CommitTransaction, CommitWith } from './contract.js';
import type { Transaction } from './port.js';

/** A value that is to be stored; without one it is to be deleted. */
interface Waiting {
  readonly account: string;
  readonly key: string;
  readonly value?: unknown;
}

/** The hands of plugins in a transaction that is not theirs. Nothing is written before `flush`, so one that breaks the rules cannot write half; each sees what was set before. */
const commitTransaction = (tx: Transaction): { readonly plugin: CommitTransaction; flush(): void } => {
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

/** What plugins write goes with the messages or not at all: it is collected, and written once all of them are through. */
export const runCommits = async (tx: Transaction, commits: readonly CommitWith[]): Promise<void> => {
  const { plugin, flush } = commitTransaction(tx);
  for (const commit of commits) await commit(plugin);
  flush();
};
