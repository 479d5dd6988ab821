/** What other tabs have written, read from the store: loaded when one of them has written something. */
import type { Message } from '../entities/message.js';
import type { Changes, MessageChange, Store } from '../store/store.js';
import type { Touched } from '../tabs/channel.js';

export interface RereadingParts {
  readonly account: string;
  readonly store: Pick<Store, 'reread'>;
  /** Whether it is all over. */
  over(): boolean;
  announce(changes: Changes): void;
  heard(message: Message): void;
  /** An own message was written or changed. */
  wrote(): void;
  onError(error: unknown): void;
}

/** One reading after the other, each of all that has come meanwhile: the store knows the order of things, the other tabs do not. */
export const createRereading = ({ account, store, over, announce, heard, wrote, onError }: RereadingParts): ((touched: Touched) => void) => {
  const messages = new Map<string, Omit<MessageChange, 'after'>>();
  const conversations = new Set<string>();
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    while (messages.size + conversations.size > 0 && !over()) {
      const [named, ids] = [[...messages.values()], [...conversations]];
      messages.clear();
      conversations.clear();
      const changes = await store.reread(account, named, ids);
      announce(changes);
      // What was written in another tab was told there.
      for (const { after, new: fresh } of changes.messages) if (fresh && after && !after.mine) heard(after);
      if (changes.messages.some(({ after }) => after?.mine)) wrote();
    }
    reading = undefined;
  };

  return touched => {
    for (const named of touched.messages) messages.set(named.id, { ...messages.get(named.id), ...named });
    for (const id of touched.conversations) conversations.add(id);
    reading ??= read().catch((error: unknown) => {
      reading = undefined;
      onError(error);
    });
  };
};
