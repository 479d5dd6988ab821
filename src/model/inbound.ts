/** A message's way in: addressed by a kind, opened, read and applied in its lane, then stored in batches and only then announced. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { runPipeline } from '../base/pipeline.js';
import { Lanes } from '../base/lanes.js';
import type { Registry } from '../base/slot.js';
import type { Changes, CommitWith, Store } from '../store/store.js';
import { stanzaHandlers } from '../xmpp/slots.js';
import type { Routed } from '../xmpp/router.js';
import { addressDraft } from './address.js';
import type { Deferred } from './deferred.js';
import type { InboundDraft } from './inbound-draft.js';
import { inbound, INBOUND_PHASES } from './slots.js';

export interface InboundOptions {
  readonly account: string;
  readonly store: Store;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly log: Log;
  readonly deferred: Deferred;
  /** The own bare JID, undefined before the first login. */
  self(): string | undefined;
  /** Whether the ids of an archive may be believed: it announces XEP-0359 (§6). */
  trustsArchive(archive: string): boolean;
  announce(changes: Changes): void;
}

interface Arrival {
  readonly draft: InboundDraft;
  settle(): void;
  fail(error: unknown): void;
}

const AFTER_OPENING = INBOUND_PHASES.filter(phase => phase !== 'open');

/** At most this many messages share a transaction, so that none of them waits for long. */
const BATCH = 200;

export interface Inbound {
  /** Takes in a stanza that was kept. */
  accept(routed: Routed): Promise<void>;
  /** Takes the claim back. */
  readonly dispose: Disposable;
}

/** Claims message stanzas and takes them in. */
export const createInbound = (options: InboundOptions): Inbound => {
  const { account, store, registry, environment, log, announce } = options;
  const lanes = new Lanes();
  const arrivals: Arrival[] = [];
  let flushing: Promise<void> | undefined;
  let disposed = false;

  const commit = async (batch: readonly Arrival[]): Promise<void> => {
    const commitWith: CommitWith[] = batch.flatMap(({ draft }) => draft.commitWith);
    const copies = batch.flatMap(({ draft }) => (draft.body === undefined ? [] : [copyOf(draft)]));
    if (copies.length > 0 || commitWith.length > 0) announce(await store.ingest(account, copies, { commitWith }));
    const updates = batch.flatMap(({ draft }) => draft.updates.map(({ messageId, change }) => ({ find: { conversation: draft.conversation, messageId }, change })));
    if (updates.length > 0) announce(await store.updateMessages(account, updates));
    for (const { draft } of batch) for (const run of draft.afterCommit) contain(run);
  };

  const contain = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      log.report(error);
    }
  };

  const flush = async (): Promise<void> => {
    while (arrivals.length > 0) {
      await environment.frame();
      const batch = arrivals.splice(0, BATCH);
      try {
        await commit(batch);
        for (const { settle } of batch) settle();
      } catch (error) {
        // Not stored, so not acknowledged: the server keeps these and sends them again.
        for (const { fail } of batch) fail(error);
      }
    }
    flushing = undefined;
  };

  const keep = (draft: InboundDraft): Promise<void> =>
    new Promise((settle, fail) => {
      arrivals.push({ draft, settle, fail });
      flushing ??= flush();
    });

  /** The text of a message that was met before: a ratchet opens it once, and an echo or another copy must not ask it again. */
  const opened = async (draft: InboundDraft): Promise<string | undefined> => {
    if (!registry.all(inbound).peek().some(({ value }) => value.phase === 'open')) return undefined;
    const known = await store.sighted(account, draft.conversation, { ...copyOf(draft).copy, body: null });
    return known?.body ?? undefined;
  };

  const accept = async (routed: Routed): Promise<void> => {
    const self = options.self();
    if (self === undefined || disposed) throw new ChatError('internal', 'not-ready', 'later');
    const draft = addressDraft(routed, { self, registry, environment, trustsArchive: options.trustsArchive });
    if (!draft) return;
    const stored = await lanes.run(draft.conversation, async () => {
      const known = await opened(draft);
      if (known !== undefined) draft.body = known;
      const halt = await runPipeline(known === undefined ? INBOUND_PHASES : AFTER_OPENING, registry.all(inbound).peek(), draft);
      if (halt?.kind === 'error') {
        log.for(halt.owner).report(halt.error);
        // A step that fell over must not lose a text that could be read without it.
        if (draft.body === undefined) return undefined;
      } else if (halt?.answer === 'drop') return undefined;
      else if (halt?.answer === 'defer') return { promise: options.deferred.keep(halt.owner, routed) };
      const promise = keep(draft);
      // What a plugin keeps of this message is what it opens the next one with.
      if (draft.commitWith.length > 0) await promise;
      return { promise };
    });
    await stored?.promise;
  };

  const unclaim = registry.add(stanzaHandlers, { claim: { kind: 'message' }, handle: accept }, 'model');
  return {
    accept,
    dispose: async () => {
      disposed = true;
      await unclaim();
      await flushing;
    },
  };
};

const copyOf = (draft: InboundDraft): Parameters<Store['ingest']>[1][number] => ({
  conversation: draft.conversation,
  kind: draft.kind.id,
  copy: {
    sender: draft.sender,
    messageId: draft.messageId,
    body: draft.body ?? null,
    time: draft.time,
    timeSource: draft.timeSource,
    ...(draft.originId === undefined ? {} : { originId: draft.originId }),
    ...(draft.archiveId === undefined ? {} : { archiveId: draft.archiveId }),
  },
  // Our own message seen on its way back proves that the server has it.
  ...(draft.mine ? { state: 'sent' as const } : {}),
});
