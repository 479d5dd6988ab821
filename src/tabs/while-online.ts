/** Runs something for as long as the session is online in this tab, and gives it back when it is not. */
import type { Disposable } from '../base/disposer.js';
import type { SessionEvents } from '../xmpp/session.js';
import type { SharedSession } from './contract.js';

/** What a connection brought: `resumed` says that the stream goes on where it broke, maybe in another tab. */
export type Online = SessionEvents['online'];

/** Runs `run` whenever the session comes online here, and what it returned when it is not any more, or is in another tab. A throw goes to `onError`. */
export const whileOnline = <S extends Pick<SharedSession, 'on' | 'online' | 'role'>>(session: S, run: (session: S, online: Online) => Disposable | undefined | void, onError: (error: unknown) => void): Disposable => {
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
  const start = (online: Online): void => {
    void stop();
    try {
      giveBack = run(session, online) ?? undefined;
    } catch (error) {
      onError(error);
    }
  };
  const offs = [session.on('online', start), session.on('offline', () => void stop())];
  if (session.online.peek() && session.role.peek() === 'holder') start({ resumed: false });
  return async () => {
    for (const off of offs) await off();
    await stop();
  };
};
