/** A conversation between two people (RFC 6121 §5): the kind that the core itself brings. */
import { bareJid } from '../base/jid.js';
import { SELF } from '../entities/message.js';
import { attr } from '../xmpp/xml.js';
import type { ConversationKind } from './kind.js';

const TYPES: readonly string[] = ['chat', 'normal'];

export const direct: ConversationKind = {
  id: 'direct',
  messageType: 'chat',
  echoes: false,
  address(stanza, self) {
    const type = attr(stanza, 'type') ?? 'normal';
    if (!TYPES.includes(type)) return undefined;
    const fromText = attr(stanza, 'from');
    // RFC 6120 §8.1.2.1: without `from` it comes from the own account.
    const from = fromText === undefined ? self : bareJid(fromText);
    const toText = attr(stanza, 'to');
    const to = toText === undefined ? self : bareJid(toText);
    if (from === undefined || to === undefined) return undefined;
    if (from === self) return { conversation: to, sender: SELF, mine: true };
    return { conversation: from, sender: from, mine: false };
  },
  archive: (_conversation, self) => self,
  recipients: conversation => [conversation],
};
