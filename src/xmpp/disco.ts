/** Service discovery (XEP-0030), both ways, with entity capabilities (XEP-0115) announced. */
import { chunk } from '../base/chunk.js';
import type { Registry } from '../base/slot.js';
import type { Session } from './session.js';
import { discoFeatures, stanzaHandlers } from './slots.js';
import { discoQuery, INFO_NS, ITEMS_NS, readInfo, readItems, type DiscoInfo, type DiscoItem } from './xep/0030-disco.js';
import type { Caps } from './xep/0115-caps.js';
import { xml, type XmlElement } from './xml.js';

export type { DiscoInfo, DiscoItem, Identity } from './xep/0030-disco.js';

export interface Disco {
  /** What an entity is and can do. Asked once per connection, then remembered; rejects as `Session.request` does. */
  info(jid: string, node?: string): Promise<DiscoInfo>;
  items(jid: string, node?: string): Promise<readonly DiscoItem[]>;
  /** The hash of what we announce now, for presence (XEP-0115 §4). Rejects with ChatError network/insecure-context where the page has no WebCrypto. */
  caps(): Promise<Caps>;
  dispose(): void;
}

/** Answers what others ask, and asks them, over one session. */
export const createDisco = (session: Session, registry: Registry): Disco => {
  const announced = registry.all(discoFeatures);
  const known = new Map<string, Promise<unknown>>();

  const features = (): readonly string[] => announced.peek().map(({ value }) => value);
  // Hardly anybody asks visitors, and nobody sees their presence.
  const self = () => chunk(import('./self.js'));

  /** A question that is on its way is not asked twice, nor one that was answered on this connection. */
  const once = <T>(ns: string, jid: string, node: string | undefined, read: (result: XmlElement) => T): Promise<T> => {
    const key = [ns, jid, node ?? ''].join('\n');
    const before = known.get(key) as Promise<T> | undefined;
    if (before) return before;
    const asked = session.request(discoQuery(ns, jid, node)).then(read);
    known.set(key, asked);
    asked.catch(() => {
      // Whoever asked hears why; the next one may ask again.
      if (known.get(key) === asked) known.delete(key);
    });
    return asked;
  };

  const claim = (ns: string) => ({ kind: 'iq', type: 'get', child: { name: 'query', ns } }) as const;
  const offs = [
    registry.add(stanzaHandlers, { claim: claim(INFO_NS), handle: async ({ stanza }) => (await self()).answerInfo(features(), stanza) }, 'disco'),
    registry.add(stanzaHandlers, { claim: claim(ITEMS_NS), handle: () => xml('query', { xmlns: ITEMS_NS }) }, 'disco'),
    // In a tab that does not hold the session, nothing but this tells that the connection is another one.
    session.online.subscribe(online => void (online || known.clear())),
  ];

  return {
    info: (jid, node) => once(INFO_NS, jid, node, readInfo),
    items: (jid, node) => once(ITEMS_NS, jid, node, readItems),
    caps: async () => (await self()).ownCaps(features()),
    dispose: () => {
      for (const off of offs) void off();
    },
  };
};
