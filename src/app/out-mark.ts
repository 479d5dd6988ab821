/** The mark that each sign-out leaves on the device, for pages that were put away and heard nothing of it. */
import { markOf, randomId } from '../base/id.js';
import type { Store } from '../store/store.js';
import { DEVICE } from './device.js';

/** By account, without its name: another value after each sign-out. */
const keyOf = (account: string): string => `out/${markOf(account)}`;

/** Notes that an account signs out. */
export const markOut = ({ keyvalue }: Store, account: string): Promise<void> => keyvalue.set(DEVICE, keyOf(account), randomId());

/** Tells whether an account has signed out since, in whatever tab. */
export const watchOut = ({ keyvalue }: Store, account: string): (() => Promise<boolean>) => {
  const last = (): Promise<unknown> => keyvalue.get(DEVICE, keyOf(account));
  const before = last();
  // Whoever asks hears of it.
  void Promise.allSettled([before]);
  return async () => (await before) !== (await last());
};
