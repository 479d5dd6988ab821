/** Service discovery (XEP-0030), both ways, with entity capabilities (XEP-0115) announced. */
import type { Registry } from '../base/slot.js';
import type { Session } from './session.js';
import { discoFeatures, stanzaHandlers } from './slots.js';
import { StanzaError } from './stanza-error.js';
import { trouble } from './trouble.js';
import { discoQuery, infoElement, INFO_NS, ITEMS_NS, readInfo, readItems, type DiscoInfo, type DiscoItem } from './xep/0030-disco.js';
import { capsHash, CAPS_NS } from './xep/0115-caps.js';
import { attr, child, xml, type XmlElement } from './xml.js';

export type { DiscoInfo, DiscoItem, Identity } from './xep/0030-disco.js';

export interface Disco {
  /** What an entity is and can do. Asked once per connection, then remembered; rejects as `Session.request` does. */
  info(jid: string, node?: string): Promise<DiscoInfo>;
  items(jid: string, node?: string): Promise<readonly DiscoItem[]>;
  /** The node and hash of what we announce now, for presence (XEP-0115 §4). Rejects with ChatError network/insecure-context where the page has no WebCrypto. */
  caps(): Promise<{ readonly node: string; readonly ver: string }>;
  dispose(): void;
}

const NODE = 'https://www.npmjs.com/package/stoa-chat';
const IDENTITIES = [{ category: 'client', type: 'web', name: 'Stoa' }] as const;
const OWN_FEATURES: readonly string[] = [INFO_NS, ITEMS_NS, CAPS_NS];

/** Answers what others ask, and asks them, over one session. */
export const createDisco = (session: Session, registry: Registry): Disco => {
  const announced = registry.all(discoFeatures);
  const known = new Map<string, Promise<unknown>>();

  const own = (): DiscoInfo => ({ identities: IDENTITIES, features: [...new Set([...OWN_FEATURES, ...announced.peek().map(({ value }) => value)])] });

  const caps: Disco['caps'] = async () => {
    if (!globalThis.crypto.subtle) throw trouble('insecure-context');
    return { node: NODE, ver: await capsHash(own()) };
  };

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

  const answerInfo = async (stanza: XmlElement): Promise<XmlElement> => {
    const node = attr(child(stanza, 'query', INFO_NS) ?? stanza, 'node');
    const ours = node === undefined || (node.startsWith(`${NODE}#`) && node === `${NODE}#${(await caps()).ver}`);
    if (!ours) throw new StanzaError('item-not-found');
    return infoElement(own(), node);
  };

  const claim = (ns: string) => ({ kind: 'iq', type: 'get', child: { name: 'query', ns } }) as const;
  const offs = [
    registry.add(stanzaHandlers, { claim: claim(INFO_NS), handle: ({ stanza }) => answerInfo(stanza) }, 'disco'),
    registry.add(stanzaHandlers, { claim: claim(ITEMS_NS), handle: () => xml('query', { xmlns: ITEMS_NS }) }, 'disco'),
    // In a tab that does not hold the session, nothing but this tells that the connection is another one.
    session.online.subscribe(online => void (online || known.clear())),
  ];

  return {
    info: (jid, node) => once(INFO_NS, jid, node, readInfo),
    items: (jid, node) => once(ITEMS_NS, jid, node, readItems),
    caps,
    dispose: () => {
      for (const off of offs) void off();
    },
  };
};
