/** What we are and can do, as others are told (XEP-0030) and as the hash in presence says it (XEP-0115): loaded when somebody wants to know. */
import { StanzaError } from './stanza-error.js';
import { trouble } from './trouble.js';
import { INFO_NS, ITEMS_NS, type DiscoInfo } from './xep/0030-disco.js';
import { capsHash, CAPS_NS, type Caps } from './xep/0115-caps.js';
import { attr, child, xml, type XmlElement } from './xml.js';

const NODE = 'https://www.npmjs.com/package/stoa-chat';
const IDENTITIES = [{ category: 'client', type: 'web', name: 'Stoa' }] as const;
const OWN_FEATURES: readonly string[] = [INFO_NS, ITEMS_NS, CAPS_NS];

/** With these features besides those that are always there. */
const self = (features: readonly string[]): DiscoInfo => ({ identities: IDENTITIES, features: [...new Set([...OWN_FEATURES, ...features])] });

/** The `<query/>` that answers for an entity. */
const infoElement = ({ identities, features }: DiscoInfo, node: string | undefined): XmlElement =>
  xml(
    'query',
    { xmlns: INFO_NS, node },
    ...identities.map(({ category, type, name }) => xml('identity', { category, type, name })),
    ...features.map(feature => xml('feature', { var: feature })),
  );

/** As `Disco.caps`. */
export const ownCaps = async (features: readonly string[]): Promise<Caps> => {
  if (!globalThis.crypto.subtle) throw trouble('insecure-context');
  return { xmlns: CAPS_NS, hash: 'sha-1', node: NODE, ver: await capsHash(self(features)) };
};

/** Answers a question about us; throws a StanzaError for a node that is none of ours now. */
export const answerInfo = async (features: readonly string[], question: XmlElement): Promise<XmlElement> => {
  const node = attr(child(question, 'query', INFO_NS) ?? question, 'node');
  const ours = node === undefined || (node.startsWith(`${NODE}#`) && node === `${NODE}#${(await ownCaps(features)).ver}`);
  if (!ours) throw new StanzaError('item-not-found');
  return infoElement(self(features), node);
};
