/** A store that tells the other tabs what each write has changed, so that they read it anew. */
import type { Changes, Store } from '../store/store.js';
import type { Touched } from './channel.js';

/** The same store; `tell` hears of a write once it is through. */
export const shareStore = (store: Store, tell: (touched: Touched) => void): Store => {
  const telling = <A extends readonly unknown[]>(act: (...given: A) => Promise<Changes>) => async (...given: A): Promise<Changes> => {
    const changes = await act(...given);
    const messages = changes.messages.map(({ after: _after, ...named }) => named);
    const conversations = changes.conversations.map(({ id }) => id);
    if (messages.length + conversations.length > 0) tell({ messages, conversations });
    return changes;
  };
  const { ensureConversation, updateConversation, ingest, updateMessage, updateMessages, deleteMessage, outbox } = store;
  // What is not said here is as it was, also what may change later.
  return Object.assign(Object.create(store) as Store, {
    ensureConversation: telling(ensureConversation),
    updateConversation: telling(updateConversation),
    ingest: telling(ingest),
    updateMessage: telling(updateMessage),
    updateMessages: telling(updateMessages),
    deleteMessage: telling(deleteMessage),
    outbox: { ...outbox, add: telling(outbox.add), settle: telling(outbox.settle), release: telling(outbox.release), again: telling(outbox.again) },
  });
};
