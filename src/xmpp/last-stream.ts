/** What the last connection left of its stream, on this page or an earlier one, for the next connection to go on with. */
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Fates } from './fates.js';
import type { ManagedState, SessionStorage, StreamState } from './session-storage.js';
import { createManagedStream, type ManagedStream } from './stream-management.js';
import type { XmlElement } from './xml.js';

export interface LastStreamParts {
  readonly environment: Environment;
  readonly log: Log;
  readonly storage: SessionStorage;
  readonly fates: Fates;
  readonly proven: boolean;
}

export interface LastStream {
  /** Whether a login of the account has worked, so that what asks for none may go on: a session over BOSH. */
  proven: boolean;
  /** What is stored of it; if it may go on, the fates of its claims are to be expected. Rejects with ChatError storage/fenced. */
  load(): Promise<StreamState | undefined>;
  /** The stream itself, where it is under stream management and can be resumed. */
  readonly managed: ManagedStream | undefined;
  /** A new stream under stream management. */
  begin(state: ManagedState, resumable: boolean): ManagedStream;
  /** A session over BOSH is over for good, and its fates are being told: it is not given any more though it may be stored still. */
  gone(sid: string): void;
  /** It does not go on, and nothing of it is kept: every fate is told; `failed` may say how much the server had. */
  giveUp(failed: XmlElement | undefined): void;
}

export const createLastStream = ({ environment, log, storage, fates, proven }: LastStreamParts): LastStream => {
  let stored: StreamState | undefined;
  let managed: ManagedStream | undefined;
  let gone: string | undefined;
  /** Of a session over BOSH. */
  const claims = (): readonly string[] => (stored?.kind === 'bosh' ? stored.pending.flatMap(request => request.claims) : []);
  const make = (state: ManagedState, resumable: boolean): ManagedStream => createManagedStream({ environment, log, storage, tell: fates.tell, state, resumable });
  const last: LastStream = {
    proven,
    load: async () => {
      try {
        stored = await storage.load();
        if (stored?.kind === 'bosh' && stored.sid === gone) stored = undefined;
        if (last.proven) fates.expect(claims());
        if (stored?.kind === 'managed' && managed?.state.id !== stored.id) {
          fates.expect(stored.queue.flatMap(({ claim }) => claim ?? []));
          managed = make(stored, true);
        }
      } catch (error) {
        if (error instanceof ChatError && error.code === 'fenced') throw error;
        log.report(error, 'What is left of the last connection cannot be read.');
        stored = undefined;
      }
      return stored;
    },
    get managed() {
      return managed;
    },
    begin: (state, resumable) => {
      const made = make(state, resumable);
      managed = resumable ? made : undefined;
      return made;
    },
    gone: sid => {
      gone = sid;
      stored = undefined;
    },
    giveUp: failed => {
      managed?.fail(failed);
      managed = undefined;
      for (const claim of claims()) fates.tell(claim, 'lost').catch((error: unknown) => log.report(error));
      if (stored) storage.save(() => undefined).catch((error: unknown) => log.report(error));
    },
  };
  return last;
};
