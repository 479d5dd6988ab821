/** The contact list (RFC 6121 §2): loaded once per connection, kept by pushes from our own account only. */
import { bareJid } from '../base/jid.js';
import { signal, type ReadonlySignal, type Signal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Contact, Subscription } from '../entities/presence.js';
import type { Session } from './session.js';
import { stanzaHandlers } from './slots.js';
import { StanzaError } from './stanza-error.js';
import { attr, child, children, content, NS, xml, type XmlElement } from './xml.js';

export interface RosterParts {
  readonly session: Session;
  readonly registry: Registry;
  /** Where the rows are kept, if anybody else is to see them. */
  readonly contacts?: Signal<readonly Contact[] | undefined>;
}

export interface Roster {
  /** undefined until the server has answered; stays what it was while offline. */
  readonly contacts: ReadonlySignal<readonly Contact[] | undefined>;
  load(): Promise<void>;
  dispose(): void;
}

const SUBSCRIPTIONS: readonly string[] = ['none', 'to', 'from', 'both'] satisfies readonly Subscription[];
const isSubscription = (value: string): value is Subscription => SUBSCRIPTIONS.includes(value);

/** A row; undefined for what is none, or not one any more. */
const readItem = (item: XmlElement): Contact | undefined => {
  const address = bareJid(attr(item, 'jid'));
  const subscription = attr(item, 'subscription') ?? 'none';
  if (address === undefined || !isSubscription(subscription)) return undefined;
  return {
    address,
    name: attr(item, 'name') ?? '',
    subscription,
    pending: attr(item, 'ask') === 'subscribe',
    groups: children(item, 'group', NS.roster).map(content),
  };
};

export const createRoster = ({ session, registry, contacts = signal(undefined) }: RosterParts): Roster => {

  const push = (stanza: XmlElement): void => {
    const from = attr(stanza, 'from');
    // RFC 6121 §2.1.6: anybody else's is refused.
    if (from !== undefined && (session.account === undefined || bareJid(from) !== session.account || from.includes('/'))) throw new StanzaError('service-unavailable');
    const query = child(stanza, 'query', NS.roster);
    const [item, more] = query ? children(query, 'item', NS.roster) : [];
    const address = bareJid(item && attr(item, 'jid'));
    if (!item || more || address === undefined) throw new StanzaError('bad-request', 'modify');
    const now = contacts.peek();
    if (!now) return;
    const contact = readItem(item);
    if (!contact && attr(item, 'subscription') !== 'remove') throw new StanzaError('bad-request', 'modify');
    const index = now.findIndex(other => other.address === address);
    if (index >= 0) contacts.value = contact ? now.with(index, contact) : now.toSpliced(index, 1);
    else if (contact) contacts.value = [...now, contact];
  };

  const unclaim = registry.add(stanzaHandlers, { claim: { kind: 'iq', type: 'set', child: { name: 'query', ns: NS.roster } }, handle: ({ stanza }) => push(stanza) }, 'roster');

  return {
    contacts,
    load: async () => {
      const result = await session.request(xml('iq', { type: 'get' }, xml('query', { xmlns: NS.roster })));
      const query = child(result, 'query', NS.roster);
      const items = query ? children(query, 'item', NS.roster) : [];
      contacts.value = [...new Map(items.flatMap(item => readItem(item) ?? []).map(contact => [contact.address, contact])).values()];
    },
    dispose: () => void unclaim(),
  };
};
