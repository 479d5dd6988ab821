/** Small values under an account and a key: of plugins, and of the device. */
import type { KeyValue } from './contract.js';
import type { Database } from './port.js';

export const createKeyValue = (database: Database): KeyValue => ({
  get: <T>(account: string, key: string) => database.read(['keyvalue'], async tx => (await tx.get('keyvalue', [account, key]))?.value as T | undefined),
  set: (account, key, value) => database.change(['keyvalue'], tx => tx.put('keyvalue', { account, key, value })),
  getOrSet: <T>(account: string, key: string, value: T) =>
    database.change(['keyvalue'], async tx => {
      const there = await tx.get('keyvalue', [account, key]);
      if (!there) tx.put('keyvalue', { account, key, value });
      return (there?.value ?? value) as T;
    }),
  delete: (account, key) => database.change(['keyvalue'], tx => tx.delete('keyvalue', [account, key])),
});
