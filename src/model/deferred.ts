/** Stanzas that wait, stored, for a plugin that is not ready yet. */
import { randomId } from '../base/id.js';
import { Lanes } from '../base/lanes.js';
import type { Store } from '../store/store.js';
import type { Origin, Routed } from '../xmpp/router.js';
import { parseXml, serialize } from '../xmpp/xml.js';

interface Kept {
  readonly id: string;
  readonly xml: string;
  readonly origin: Origin;
}

export interface Deferred {
  /** Keeps a stanza for `owner`; settles when it is stored. */
  keep(owner: string, routed: Routed): Promise<void>;
  /** Takes out all that waits for `owner`, oldest first, and hands each to `accept`; what it rejects waits on. */
  release(owner: string, accept: (routed: Routed) => Promise<void>): Promise<void>;
}

/** A plugin that is never ready must not fill the disk. */
const MOST = 1000;

/** Deferred stanzas of one account; `onError` hears why one had to wait on. */
export const createDeferred = (account: string, store: Store, onError: (error: unknown) => void): Deferred => {
  const lanes = new Lanes();
  const key = (owner: string): string => `deferred/${owner}`;
  const read = async (owner: string): Promise<readonly Kept[]> => (await store.keyvalue.get<readonly Kept[]>(account, key(owner))) ?? [];
  return {
    keep: (owner, { stanza, origin }) =>
      lanes.run(owner, async () => {
        const kept = [...(await read(owner)), { id: randomId(), xml: serialize(stanza), origin }];
        await store.keyvalue.set(account, key(owner), kept.slice(-MOST));
      }),
    release: async (owner, accept) => {
      // Outside the lane, as a stanza may be deferred once more while it runs.
      const done = new Set<string>();
      for (const { id, xml, origin } of await lanes.run(owner, () => read(owner))) {
        const stanza = parseXml(xml);
        try {
          if (stanza) await accept({ stanza, origin });
          done.add(id);
        } catch (error) {
          onError(error);
        }
      }
      if (done.size === 0) return;
      await lanes.run(owner, async () => {
        const left = (await read(owner)).filter(({ id }) => !done.has(id));
        if (left.length > 0) await store.keyvalue.set(account, key(owner), left);
        else await store.keyvalue.delete(account, key(owner));
      });
    },
  };
};
