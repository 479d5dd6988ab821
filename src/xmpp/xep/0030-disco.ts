/** Words of Service Discovery (XEP-0030). */
import { attr, child, children, xml, type XmlElement } from '../xml.js';

export const INFO_NS = 'http://jabber.org/protocol/disco#info';
export const ITEMS_NS = 'http://jabber.org/protocol/disco#items';

/** What an entity is: category and type are of the XMPP registrar's list. */
export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name: string;
}
export interface DiscoInfo {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
}
export interface DiscoItem {
  readonly jid: string;
  readonly node?: string;
  readonly name: string;
}

export const discoQuery = (ns: string, to: string, node: string | undefined): XmlElement => xml('iq', { type: 'get', to }, xml('query', { xmlns: ns, node }));

/** What a result says; what cannot be read in it is left out. */
export const readInfo = (result: XmlElement): DiscoInfo => {
  const query = child(result, 'query', INFO_NS);
  if (!query) return { identities: [], features: [] };
  return {
    identities: children(query, 'identity', INFO_NS).flatMap(identity => {
      const [category, type] = [attr(identity, 'category'), attr(identity, 'type')];
      return category && type ? [{ category, type, name: attr(identity, 'name') ?? '' }] : [];
    }),
    features: children(query, 'feature', INFO_NS).flatMap(feature => attr(feature, 'var') ?? []),
  };
};

/** The items of a result, each once. */
export const readItems = (result: XmlElement): readonly DiscoItem[] => {
  const query = child(result, 'query', ITEMS_NS);
  const items = new Map<string, DiscoItem>();
  for (const item of query ? children(query, 'item', ITEMS_NS) : []) {
    const [jid, node] = [attr(item, 'jid'), attr(item, 'node')];
    if (jid) items.set(`${jid}\n${node ?? ''}`, { jid, name: attr(item, 'name') ?? '', ...(node === undefined ? {} : { node }) });
  }
  return [...items.values()];
};
