/** A visit that lasts as long as the tab: loaded by the pages that ask for it. */
import type { Environment } from '../base/environment.js';
import type { Store } from '../store/store.js';
import { DEVICE, newVisitor } from './device.js';

/** How long a visit that was to end with its tab may lie about after its last use, in milliseconds. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;
const VISITS = 'visits';

/** The account key of the visit called `name`: the tab remembers it, and what tabs left behind is removed later. */
export const tabVisitor = async (name: string, store: Store, environment: Environment): Promise<string> => {
  const visits = (await store.keyvalue.get<Record<string, number>>(DEVICE, VISITS)) ?? {};
  const now = environment.now();
  const account = environment.tabMemory.get(name) ?? newVisitor();
  environment.tabMemory.set(name, account);
  for (const [other, used] of Object.entries(visits)) {
    if (other === account || now - used < LEFT_BEHIND_MS) continue;
    await store.deleteAccount(other);
    delete visits[other];
  }
  await store.keyvalue.set(DEVICE, VISITS, { ...visits, [account]: now });
  return account;
};
