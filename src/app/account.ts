/** What only accounts of people need: loaded by pages with a login, as visitors never need it. */
import { chunk } from '../base/chunk.js';
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import { parseJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import type { Store } from '../store/store.js';
import type { HolderState } from '../tabs/channel.js';
import type { SharedSession, TabParts } from '../tabs/contract.js';
import { lockOptions } from '../tabs/lease.js';
import { forgetfulLogins, type LoginMemory } from '../xmpp/auth/login-memory.js';
import { createRoster } from '../xmpp/roster.js';
import { createComingIn, type ComingIn, type Door, type Entry, type Refused } from './coming-in.js';
import type { Options } from './config.js';
import { markOut, watchOut } from './out-mark.js';
import { endpointsOf } from './server-endpoints.js';
import { storePresence } from './stored-presence.js';

/** What a sign-in of a person has besides that of a visitor. */
export interface People {
  readonly createRoster: typeof createRoster;
  readonly storePresence: typeof storePresence;
}

export interface Accounts extends People, Pick<ComingIn, 'start' | 'logIn'> {
  /** What the session of an account remembers; `login`: what another tab gave. */
  memory(entry: Entry, login: HolderState['login']): Promise<LoginMemory>;
  /** Connects; settles when the account has proved itself, here or in another tab, rejects with what went wrong. */
  admit(entry: Entry, session: SharedSession): Promise<void>;
  /** Lets other tabs know who is in, and ends that when what was kept of the login does not serve any more; the returned function takes it back. `out` hears that they signed out while this page was put away and heard of nothing. */
  enter(entry: Entry, session: SharedSession, out: () => void): Disposable;
  /** Removes what is stored of an account, once all tabs have let go of it or a second is over. */
  wipe(entry: Entry): Promise<void>;
  /** Forgets who stays signed in, and notes that this one signed out. */
  drop(entry: Entry): Promise<void>;
  /** Has the server forget the token that this tab's session logged in with; nobody need wait for it. */
  invalidate(entry: Entry): void;
  dispose(): Promise<void>;
}

export interface AccountParts {
  readonly options: Options;
  readonly database: string;
  readonly tabs: TabParts;
  readonly store: Store;
  readonly door: Door;
  readonly environment: Environment;
  readonly log: Log;
  readonly WebSocket?: typeof WebSocket;
  readonly fetch?: typeof fetch;
}

/** All tabs are to be signed out within a second; one that sleeps holds nobody up. */
const WIPE_MS = 800;

export const createAccounts = async ({ options, database, tabs, store, door, environment, log, ...web }: AccountParts): Promise<Accounts> => {
  /** Where nothing is stored tabs have nothing in common, and a browser that forbids it forbids these too. */
  const { locks, BroadcastChannel }: TabParts = store.persistent.peek() ? tabs : {};
  const logins = (await chunk(import('./kept-login.js'))).keptLogins({ store, log: log.for('login') });
  /** Held in common by all tabs in which an account is signed in: a list of them that no crash can falsify. */
  const prefix = `stoa in ${database} ${JSON.stringify(options.service)} `;
  /** Tells who waits at the login of another tab that somebody came in. */
  let channel: BroadcastChannel | undefined;
  const entryOf = (address: string, proven: boolean): Entry | undefined => {
    const jid = parseJid(address);
    return jid?.local && (!options.domain || jid.domain === options.domain) ? { account: jid.bare, domain: jid.domain, credentials: { kind: 'secret', username: jid.local }, proven } : undefined;
  };

  /** By account: of the session that was made here. */
  const memories = new Map<string, LoginMemory>();
  const timers = new Set<() => void>();
  const farewells = new Set<Promise<void>>();
  /** Whoever waits can be told that the time is over. */
  const timer: Environment['timer'] = (ms, run) => {
    const over = (): void => {
      void cancel();
      run();
    };
    const stop = environment.timer(ms, over);
    const cancel = (): void => {
      timers.delete(over);
      void stop();
    };
    timers.add(over);
    return cancel;
  };
  const invalidate = async ({ account, domain, credentials }: Entry): Promise<void> => {
    const memory = memories.get(account);
    if (!memory?.secret.fast || !('username' in credentials) || !credentials.username) return;
    const { invalidateToken } = await chunk(import('../xmpp/auth/invalidate.js'));
    const endpoints = endpointsOf({ options, domain, visitor: false, store, environment, log, fetch: web.fetch });
    const { WebSocket, fetch } = web;
    await invalidateToken({ endpoints, domain, username: credentials.username, memory, environment: { ...environment, timer }, log, ...(WebSocket ? { WebSocket } : {}), ...(fetch ? { fetch } : {}) });
  };

  /** Whom the site says, who is in another tab with the same options, or who chose it on an earlier page, where that can be. */
  const returning = async (): Promise<Entry | Refused | undefined> => {
    const { auth, domain, username, token, mechanism } = options;
    // Who was there last may be another by now: nothing of anybody is touched before a login.
    if (auth === 'token') return token && { account: `${username}@${domain}`, domain, credentials: { kind: 'token', token, ...(username ? { username } : {}), mechanism }, nameless: !username, proven: false };
    const held = (await locks?.query())?.held ?? [];
    const here = held.flatMap(({ name = '' }) => (name.startsWith(prefix) ? (entryOf(name.slice(prefix.length), false) ?? []) : []))[0];
    const kept = here ? undefined : await logins.load();
    const entry = kept && entryOf(kept.address, true);
    return here ?? (entry && kept.refused ? { code: kept.refused, address: kept.address } : entry);
  };

  const drop = async ({ account }: Entry): Promise<void> => void (await Promise.all([logins.drop(), markOut(store, account)]));
  const coming = createComingIn({ door, options, environment, log, returning, drop });
  const look = (): void => {
    if (options.auth === 'password' && !door.isIn()) coming.start().catch((error: unknown) => log.report(error));
  };
  const open = (): void => {
    channel = locks && BroadcastChannel && new BroadcastChannel(prefix);
    channel?.addEventListener('message', look);
  };
  open();
  const close = (): void => {
    channel?.close();
    channel = undefined;
  };
  let away = false;
  const watching = [
    // Browsers keep no page in memory that has a channel open.
    environment.onHide(() => {
      away = true;
      close();
    }),
    environment.onWake(() => {
      if (!away) return;
      away = false;
      open();
      // Somebody may have come in meanwhile.
      look();
    }),
  ];

  return {
    createRoster,
    storePresence,
    drop,
    start: coming.start,
    logIn: coming.logIn,
    invalidate: entry => {
      const saying = invalidate(entry)
        .catch((error: unknown) => log.report(error))
        .finally(() => farewells.delete(saying));
      farewells.add(saying);
    },
    dispose: async () => {
      for (const off of watching) void off();
      close();
      for (const over of timers) over();
      await Promise.all(farewells);
    },
    memory: async ({ account, stay, credentials }, login) => {
      if (credentials.kind === 'token') return forgetfulLogins();
      const memory = await logins.memory(account, { ...(stay === undefined ? {} : { stay }), ...(login ? { secret: login.secret } : {}) });
      if (login?.password !== undefined) memory.password = login.password;
      memories.set(account, memory);
      return memory;
    },
    admit: async ({ proven, stay }, session) => {
      if (proven) return;
      await firstLogin(session);
      // Who is in and asked to stay is in on the next page too, however soon that comes.
      if (stay) await logins.settled();
    },
    enter: (entry, session, out) => {
      const { account } = entry;
      const report = (error: unknown): void => log.report(error);
      const isOut = watchOut(store, account);
      let gone = false;
      const look = async (): Promise<void> => {
        if ((await isOut()) && !gone) out();
      };
      const unwatch = environment.onWake(() => void look().catch(report));
      const unwatchLogin = coming.watch(entry, session);
      const end = (): void => {
        gone = true;
        void unwatch();
        void unwatchLogin();
      };
      if (!locks) return end;
      let leave = (): void => undefined;
      let away = false;
      const hold = (held?: () => void): void => {
        away = false;
        const aborter = new AbortController();
        const over = new Promise<void>(resolve => {
          leave = () => {
            aborter.abort();
            resolve();
          };
        });
        locks.request(prefix + account, lockOptions({ mode: 'shared', signal: aborter.signal }), () => {
          held?.();
          return over;
        }).catch((error: unknown) => (aborter.signal.aborted ? undefined : log.report(error)));
      };
      // Not again by a page that comes back: it may have missed that the account signed out.
      hold(() => channel?.postMessage('in'));
      // A page that is put away is no tab that others could ask.
      const offs = [
        environment.onHide(() => {
          away = true;
          leave();
        }),
        environment.onWake(() => {
          if (away) hold();
        }),
      ];
      return () => {
        end();
        leave();
        for (const off of offs) void off();
      };
    },
    wipe: async ({ account }) => {
      const remove = async (): Promise<void> => {
        await Promise.all([store.deleteAccount(account), logins.forget(account)]);
      };
      if (!locks) return remove();
      const aborter = new AbortController();
      const cancel = environment.timer(WIPE_MS, () => aborter.abort());
      try {
        await locks.request(prefix + account, lockOptions({ signal: aborter.signal }), remove);
      } catch (error) {
        if (!aborter.signal.aborted) throw error;
        await remove();
      } finally {
        void cancel();
      }
    },
  };
};

const firstLogin = (session: SharedSession): Promise<void> =>
  new Promise((resolve, reject) => {
    const offs: Disposable[] = [];
    const finish = (settle: () => void): void => {
      for (const off of offs.splice(0)) void off();
      settle();
    };
    offs.push(
      session.on('offline', ({ error }) => {
        // What can mend by itself is waited for, as long as it is tried again.
        if (!error || error.code === 'other-account' || session.status.peek().name === 'failed') finish(() => reject(error ?? new ChatError('network', 'unreachable', 'user')));
      }),
      session.proven.subscribe(proven => {
        // It cannot be left while it is being entered.
        if (proven) queueMicrotask(() => finish(resolve));
      }),
    );
    session.connect();
  });
