/** What is left of an account's last stream, kept so that the next page can go on with it; and which entries of the outbox were handed to it. */
import { ChatError } from '../base/errors.js';
import type { SessionStorage, StreamState } from '../xmpp/session-storage.js';
import type { Fence } from './fence.js';

/** Where it is kept, under its account. */
export const STREAM_KEY = 'stream';

/** `alone`: several tabs hold sessions of the same account, so that what is left of a stream goes with its page. */
export const createStreamStorage = (fence: Fence, account: string, alone: boolean): SessionStorage => {
  /** What this page last read or saved: the disk may have failed since. */
  let kept: { readonly state: StreamState | undefined } | undefined = alone ? { state: undefined } : undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(job: () => Promise<T>): Promise<T> => {
    const done = tail.then(job);
    tail = Promise.allSettled([done]);
    return done;
  };

  return {
    load: () =>
      inOrder(async () => {
        const stored = await fence.change(account, ['keyvalue'], tx => tx.get('keyvalue', [account, STREAM_KEY])).catch((error: unknown) => {
          if (!kept || (error instanceof ChatError && error.code === 'fenced')) throw error;
          return undefined;
        });
        kept ??= { state: stored?.value as StreamState | undefined };
        return kept.state;
      }),
    save: (build, claims = []) =>
      inOrder(async () => {
        try {
          const { state, refused } = await fence.change(
            account,
            claims.length > 0 ? ['keyvalue', 'outbox'] : ['keyvalue'],
            async tx => {
              const not = new Set<string>();
              for (const { id, xml } of claims) {
                const entry = await tx.get('outbox', [account, id]);
                if (entry && !entry.attempted) tx.put('outbox', { ...entry, sealed: xml, attempted: true });
                else not.add(id);
              }
              const next = build(not, kept?.state);
              if (next && !alone) tx.put('keyvalue', { account, key: STREAM_KEY, value: next });
              else if (!alone) tx.delete('keyvalue', [account, STREAM_KEY]);
              return { state: next, refused: not };
            },
            claims.length > 0 ? 'strict' : 'relaxed',
          );
          kept = { state };
          return refused;
        } catch (error) {
          // Within this page the stream goes on all the same; what has a claim was not written.
          if (claims.length === 0) kept = { state: build(new Set(), kept?.state) };
          throw error;
        }
      }),
  };
};
