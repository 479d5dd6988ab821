/** Words of Chat State Notifications (XEP-0085). */
import { child, xml, type XmlElement } from '../xml.js';
import { noStore } from './0334-hints.js';

export const CHAT_STATES_NS = 'http://jabber.org/protocol/chatstates';

const STATES = ['active', 'composing', 'paused', 'inactive', 'gone'] as const;
export type ChatState = (typeof STATES)[number];

export const chatState = (state: ChatState): XmlElement => xml(state, { xmlns: CHAT_STATES_NS });

/** The state that a message carries; undefined if it has none. */
export const readChatState = (stanza: XmlElement): ChatState | undefined => STATES.find(state => child(stanza, state, CHAT_STATES_NS));

/** A message that says nothing but the state (§5.3), and that is not worth storing. */
export const stateMessage = (to: string, state: ChatState): XmlElement => xml('message', { to, type: 'chat' }, chatState(state), noStore());
