/** Who is there, kept over pages: one that goes on with the stream of another is not told again. */
import type { Environment } from '../base/environment.js';
import type { Store } from '../store/store.js';
import type { Devices, PresenceParts } from '../xmpp/presence.js';
import { watchOut } from './out-mark.js';

const PRESENCE = 'presence';
/** A burst is stored at its end, not at each of its changes. */
const PAUSE_MS = 1_000;

/** Where it is stored who is there, for a page that goes on with the stream of this one. */
export const storePresence = (store: Store, account: string, environment: Environment): { readonly stored: NonNullable<PresenceParts['stored']>; dispose(): Promise<void> } => {
  const isOut = watchOut(store, account);
  let newest: Devices = new Map();
  let saving: Promise<void> | undefined;
  let now = (): void => undefined;
  const save = async (): Promise<void> => {
    await new Promise<void>(resolve => {
      const cancel = environment.timer(PAUSE_MS, resolve);
      now = () => {
        void cancel();
        resolve();
      };
    });
    saving = undefined;
    // Who signed out finds nothing of it again.
    if (!(await isOut())) await store.keyvalue.set(account, PRESENCE, newest);
  };
  const off = environment.onHide(() => now());
  return {
    stored: {
      load: () => store.keyvalue.get<Devices>(account, PRESENCE),
      save: devices => {
        newest = devices;
        return (saving ??= save());
      },
    },
    dispose: async () => {
      await off();
      now();
      await saving;
    },
  };
};
