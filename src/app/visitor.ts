/** Who an anonymous visitor is to the store: a random id that outlives the address, which changes with every login. */
import { chunk } from '../base/chunk.js';
import type { Environment } from '../base/environment.js';
import type { Store } from '../store/store.js';
import type { Options } from './config.js';
import { DEVICE, newVisitor } from './device.js';

/** The account key of this visitor, made at the first need. Each pair of domain and `to` is a visitor of its own. */
export const visitorAccount = async ({ domain, to, storage }: Options, store: Store, environment: Environment): Promise<string> => {
  const name = `visitor/${domain}/${to}`;
  if (storage === 'session') return (await chunk(import('./tab-visitor.js'))).tabVisitor(name, store, environment);
  const kept = await store.keyvalue.get<string>(DEVICE, name);
  if (kept) return kept;
  const fresh = newVisitor();
  await store.keyvalue.set(DEVICE, name, fresh);
  return fresh;
};
