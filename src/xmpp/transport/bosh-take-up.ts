/** Goes on with the session over BOSH that an earlier connection, or page, has left, and says what else is to be tried where that cannot be done. */
import type { Disposable, Disposer } from '../../base/disposer.js';
import type { Environment } from '../../base/environment.js';
import { ChatError } from '../../base/errors.js';
import type { Log } from '../../base/log.js';
import type { Delivery } from '../delivery.js';
import type { Endpoint } from '../endpoint.js';
import type { BoshState } from '../session-storage.js';

/** What is asked of its stream. */
interface Line {
  drop(error?: ChatError): void;
}

export interface TakeUpParts<T extends Line> {
  readonly state: BoshState;
  /** Those to try, in order. */
  readonly found: readonly Endpoint[];
  readonly environment: Environment;
  readonly log: Log;
  readonly owned: Disposer;
  /** A stream to go on with; `lose` hears how it ended before it went on. */
  make(lose: (error: ChatError) => void): T;
  /** As `Stream.goOn`. */
  goOn(its: T): Promise<Delivery>;
  /** Runs when a step takes too long. */
  timeOut(run: (error: ChatError) => void): Disposable;
  onMade(its: T, delivery: Delivery): void;
}

/** How long a server keeps a session that nobody asks for, in seconds, where it does not tell. */
const INACTIVITY = 60;
/** Beyond what a server promises, in milliseconds. */
const MERCY_MS = 15_000;

/**
 * Settles with the endpoints that are left to try: none, if it goes on; all, if nobody names its own any more, or its server does not keep it; else the others.
 * Where its own would be tried first it is kept for as long as its server may keep it, and this rejects with what was wrong.
 */
export const takeUp = async <T extends Line>({ state, found, environment, log, owned, make, goOn, timeOut, onMade }: TakeUpParts<T>): Promise<readonly Endpoint[]> => {
  const { service, savedAt, wait, inactivity } = state;
  const own = found.findIndex(({ url }) => url === service);
  if (own < 0 || environment.now() - savedAt > (wait + (inactivity || INACTIVITY)) * 1000 + MERCY_MS) return found;
  let on = false;
  let lose: (error: ChatError) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (lose = reject));
  const its = make(error => lose(error));
  const giveUp = owned.own(() => {
    if (!on) its.drop();
  });
  const late = owned.own(timeOut(error => its.drop(error)));
  try {
    const made = await Promise.race([goOn(its), lost]);
    on = true;
    onMade(its, made);
    return [];
  } catch (error) {
    if (on || !(error instanceof ChatError)) throw error;
    if (error.code === 'session-gone') return found;
    if (own === 0 || error.domain !== 'network') throw error;
    log.info(`The last session cannot be reached: ${error.message}`);
    return found.filter(({ url }) => url !== service);
  } finally {
    void late();
    void giveUp();
  }
};
