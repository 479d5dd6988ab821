/** A message that comes back as an error (RFC 6120 §8.3) makes its original fail, with the reason. */
import type { Disposable } from '../base/disposer.js';
import { bareJid } from '../base/jid.js';
import type { Registry } from '../base/slot.js';
import type { Changes, Store } from '../store/store.js';
import { stanzaHandlers } from '../xmpp/slots.js';
import { readError } from '../xmpp/stanza-error.js';
import { attr } from '../xmpp/xml.js';

interface BouncesOptions {
  readonly account: string;
  readonly store: Store;
  readonly registry: Registry;
  announce(changes: Changes): void;
}

/** Claims message errors. Only the addressee of a message can make it fail, and only before it was delivered. */
export const createBounces = ({ account, store, registry, announce }: BouncesOptions): Disposable =>
  registry.add(
    stanzaHandlers,
    {
      claim: { kind: 'message', type: 'error' },
      handle: async ({ stanza, origin }) => {
        const conversation = bareJid(attr(stanza, 'from'));
        const messageId = attr(stanza, 'id');
        if (origin.kind === 'archive' || !conversation || !messageId) return;
        const { code, text } = readError(stanza);
        const error = text ? { code, text } : { code };
        announce(
          await store.updateMessages(account, [
            {
              find: { conversation, messageId },
              change: ({ mine, state }) => (mine && state !== 'delivered' && state !== 'read' ? { state: 'failed', error } : undefined),
            },
          ]),
        );
      },
    },
    'model',
  );
