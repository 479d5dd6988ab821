/** Who an anonymous visitor is to the store: a random id that outlives the address, which changes with every login. */
import { chunk } from '../base/chunk.js';
import type { Environment } from '../base/environment.js';
import type { Log } from '../base/log.js';
import type { Store } from '../store/store.js';
import type { Options } from './config.js';
import { DEVICE, newVisitor } from './device.js';

/** The account key of this visitor, made at the first need, the same for tabs that open together. Each pair of domain and `to` is a visitor of its own. */
export const visitorAccount = async ({ domain, to, storage }: Options, store: Store, environment: Environment, log: Log): Promise<string> => {
  const name = `visitor/${domain}/${to}`;
  if (storage === 'session') return (await chunk(import('./tab-visitor.js'))).tabVisitor(name, store, environment);
  const account = await store.keyvalue.getOrSet(DEVICE, name, newVisitor());
  // What is still to be sent is found again only under the same account.
  store.onEmptied(() => void store.keyvalue.getOrSet(DEVICE, name, account).catch((error: unknown) => log.report(error)));
  return account;
};
