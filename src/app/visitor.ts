/** Who an anonymous visitor is to the store: a random id that outlives the address, which changes with every login. */
import type { Environment } from '../base/environment.js';
import { randomId } from '../base/id.js';
import type { Store } from '../store/store.js';
import type { Options } from './config.js';

/** Key under which what belongs to the device, not to an account, is stored. */
export const DEVICE = '';

/** How long a visit that was to end with its tab may lie about after its last use, in milliseconds. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;
const VISITS = 'visits';

/** The account key of this visitor, made at the first need. Each pair of domain and `to` is a visitor of its own. */
export const visitorAccount = async ({ domain, to, storage }: Options, store: Store, environment: Environment): Promise<string> => {
  const name = `visitor/${domain}/${to}`;
  if (storage === 'session') return sessionVisitor(name, store, environment);
  const kept = await store.keyvalue.get<string>(DEVICE, name);
  if (kept) return kept;
  const fresh = `visitor:${randomId()}`;
  await store.keyvalue.set(DEVICE, name, fresh);
  return fresh;
};

/** A visit that lasts as long as the tab: the tab remembers the id, and what tabs left behind is removed later. */
const sessionVisitor = async (name: string, store: Store, environment: Environment): Promise<string> => {
  const visits = (await store.keyvalue.get<Record<string, number>>(DEVICE, VISITS)) ?? {};
  const now = environment.now();
  const account = environment.tabMemory.get(name) ?? `visitor:${randomId()}`;
  environment.tabMemory.set(name, account);
  for (const [other, used] of Object.entries(visits)) {
    if (other === account || now - used < LEFT_BEHIND_MS) continue;
    await store.deleteAccount(other);
    delete visits[other];
  }
  await store.keyvalue.set(DEVICE, VISITS, { ...visits, [account]: now });
  return account;
};
