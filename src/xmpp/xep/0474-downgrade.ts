/** Words of SCRAM's downgrade protection (XEP-0474): what a server signs of its own offer. */
import { attr, child, children, type XmlElement } from '../xml.js';

const CHANNEL_BINDING_NS = 'urn:xmpp:sasl-cb:0';
const BETWEEN = '\u001E';
const BEFORE_BINDINGS = '\u001F';

// By code point, which for these names is by octet.
const sorted = (names: readonly string[]): string => [...names].sort((a, b) => (a < b ? -1 : 1)).join(BETWEEN);

/** The text whose hash a server may tell in its first message (§6.1): the mechanisms of the profile in use, and the channel bindings (XEP-0440) if it names any. */
export const hashedOffer = (mechanisms: readonly string[], features: XmlElement): string => {
  const bindings = child(features, 'sasl-channel-binding', CHANNEL_BINDING_NS);
  if (!bindings) return sorted(mechanisms);
  return `${sorted(mechanisms)}${BEFORE_BINDINGS}${sorted(children(bindings, 'channel-binding', CHANNEL_BINDING_NS).map(binding => attr(binding, 'type') ?? ''))}`;
};
