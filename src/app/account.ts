/** What only accounts need: loaded by the first login, as visitors never need it. */
import { ChatError } from '../base/errors.js';
import type { Session } from '../xmpp/session.js';

export { createRoster } from '../xmpp/roster.js';

/** Connects; settles at the first login, rejects with what made it fail. */
export const firstLogin = (session: Session): Promise<void> =>
  new Promise((resolve, reject) => {
    const offs = [
      session.on('online', () => finish(resolve)),
      session.on('offline', ({ error }) => finish(() => reject(error ?? new ChatError('network', 'unreachable', 'user')))),
    ];
    const finish = (settle: () => void): void => {
      for (const off of offs) void off();
      settle();
    };
    session.connect();
  });
