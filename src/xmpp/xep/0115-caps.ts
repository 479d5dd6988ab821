/** Words of Entity Capabilities (XEP-0115): a hash in presence that stands for what a client is and can do. */
import { toBase64, utf8 } from '../encoding.js';
import type { DiscoInfo } from './0030-disco.js';

export const CAPS_NS = 'http://jabber.org/protocol/caps';

/** What `<c/>` has in presence (§4), its namespace included. */
export type Caps = Readonly<Record<'xmlns' | 'hash' | 'node' | 'ver', string>>;

/** The verification string (XEP-0115 §5.1) of what has no data forms and no languages, as ours. */
export const capsHash = async ({ identities, features }: DiscoInfo): Promise<string> => {
  const lines = [...identities.map(({ category, type, name }) => `${category}/${type}//${name}`).sort(), ...[...features].sort()];
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-1', utf8(lines.map(line => `${line}<`).join('')))));
};

