/** How people come in: whoever is in already, and whoever types a password. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import { parseJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import type { Signal } from '../base/signal.js';
import type { Credentials } from '../xmpp/auth/credentials.js';
import type { SharedSession } from '../tabs/contract.js';
import type { Options } from './config.js';

/** Who comes in, and how. */
export interface Entry {
  /** The account's key in the store; of people their bare JID. */
  readonly account: string;
  readonly domain: string;
  readonly credentials: Credentials;
  /** Only its own login says who it is, and `account` is nobody's: until then nothing of anybody is built, read or shared with other tabs. */
  readonly nameless?: boolean;
  /** Whether what is stored may be shown before a login has worked. */
  readonly proven: boolean;
  /** Whether the next page is to come in too; undefined: as it was chosen before. */
  readonly stay?: boolean | undefined;
}

/** Who stayed signed in and has to log in all the same; `code`: key of the sentence that says why. */
export interface Refused {
  readonly code: string;
  readonly address: string;
}

/** What the chat has for those who come in. */
export interface Door {
  readonly refused: Signal<Refused | undefined>;
  isIn(): boolean;
  /** Lets somebody in: from its end on the stored conversations are visible. */
  enter(entry: Entry): Promise<void>;
  /** Ends the sign-in in all tabs, because of an error; `dropping` forgets what was kept of the login. */
  forget(dropping: Promise<void>, why: Pick<ChatError, 'code' | 'message'>): Promise<void>;
}

export interface ComingParts {
  readonly door: Door;
  readonly options: Options;
  readonly environment: Environment;
  readonly log: Log;
  /** Who comes in without being asked. */
  returning(): Promise<Entry | Refused | undefined>;
  /** Forgets who stays signed in. */
  drop(entry: Entry): Promise<void>;
}

export interface ComingIn {
  /** Lets in whoever is in already, in another tab or from an earlier page. */
  start(): Promise<void>;
  /** As `Chat.logIn`. */
  logIn(address: string, password: string, options?: { readonly stay?: boolean }): Promise<void>;
  /** Ends the sign-in when what was kept of a login does not serve any more: it is asked for anew, and what is stored waits for it. */
  watch(entry: Entry, session: SharedSession): Disposable;
}

/** Nobody is let in before `start` or `logIn`. */
export const createComingIn = ({ door, options, environment, log, returning, drop }: ComingParts): ComingIn => {
  /** Under the name that the server knows the account by. Whom a login has named needs no other proof. */
  const admit = (entry: Entry): Promise<void> =>
    door.enter(entry).catch((error: unknown) => {
      if (error instanceof ChatError && error.code === 'other-account' && parseJid(error.message)?.domain === entry.domain) return door.enter({ ...entry, account: error.message, nameless: false, proven: entry.nameless === true || entry.proven });
      throw error;
    });

  return {
    start: async () => {
      const entry = await returning();
      if (!entry || door.isIn()) return;
      if ('address' in entry) return void (door.refused.value = entry);
      door.refused.value = undefined;
      await admit(entry).catch((error: unknown) => {
        // The site is told why those whom it sends do not come in; whoever can log in by hand is asked to.
        if (options.auth === 'token') throw error;
        log.info(`Nobody is signed in: ${String(error)}`);
      });
    },
    logIn: async (address, password, { stay } = {}) => {
      const jid = parseJid(address.includes('@') ? address : `${address}@${options.domain}`);
      if (!jid?.local) throw new ChatError('auth', 'bad-address', 'user');
      if (stay) void environment.persist();
      door.refused.value = undefined;
      await admit({ account: jid.bare, domain: jid.domain, credentials: { kind: 'password', username: jid.local, password }, proven: false, stay });
    },
    watch: (entry, session) =>
      session.on('offline', ({ error }) => {
        if (error?.code !== 'secret-stale' || session.status.peek().name !== 'failed') return;
        const { code, message } = error;
        door.refused.value = { code, address: entry.account };
        door.forget(drop(entry), { code, message }).catch((thrown: unknown) => log.report(thrown));
      }),
  };
};
