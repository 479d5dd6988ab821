/** Runs something for as long as the session is online, and gives it back when it is not. */
import type { Disposable } from '../base/disposer.js';
import type { Session } from '../xmpp/session.js';

/** Runs `run` whenever the session comes online, and what it returned when it is not any more. A throw goes to `onError`. */
export const whileOnline = (session: Session, run: (session: Session) => Disposable | undefined | void, onError: (error: unknown) => void): Disposable => {
  let giveBack: Disposable | undefined;
  const stop = async (): Promise<void> => {
    const last = giveBack;
    giveBack = undefined;
    try {
      await last?.();
    } catch (error) {
      onError(error);
    }
  };
  const start = (): void => {
    void stop();
    try {
      giveBack = run(session) ?? undefined;
    } catch (error) {
      onError(error);
    }
  };
  const offs = [session.on('online', start), session.on('offline', () => void stop())];
  if (session.online.peek()) start();
  return async () => {
    for (const off of offs) await off();
    await stop();
  };
};
