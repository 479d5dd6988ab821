/** A chat: one sign-in after another over one store, put together; reads like a recipe. */
import { BUILD } from '../base/build.js';
import { chunk } from '../base/chunk.js';
import { Disposer, type Disposable } from '../base/disposer.js';
import { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import { ChatError, toChatError, wordKeyOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { computed, effect, signal, type ReadonlySignal } from '../base/signal.js';
import { Registry } from '../base/slot.js';
import type { Problem, Status } from '../entities/status.js';
import type { Model } from '../model/model.js';
import { direct } from '../model/direct.js';
import { conversationKinds } from '../model/slots.js';
import { openStore, type Store } from '../store/store.js';
import type { SharedSession, TabParts } from '../tabs/contract.js';
import { createSharedSession } from '../tabs/shared-session.js';
import { forgetfulLogins } from '../xmpp/auth/login-memory.js';
import { createSession } from '../xmpp/session.js';
import type { Accounts } from './account.js';
import type { Door, Entry, Refused } from './coming-in.js';
import type { Options } from './config.js';
import type { ChatEvents } from './events.js';
import { endpointsFor } from './lazy-endpoints.js';
import type { Plugin } from './plugin.js';
import { createPluginHost, type Plugins } from './plugin-host.js';
import { createSignIn } from './sign-in.js';
import { visitorAccount } from './visitor.js';

/**
 * `out`: nobody is signed in · `in`: somebody is, though the connection may be down ·
 * `signing-in`: whoever is in already is looked for, or a first login is on its way, and nothing stored may be shown yet.
 */
export type SignInState = 'out' | 'signing-in' | 'in';

export interface Chat {
  readonly options: Options;
  /** Bad options, one sentence each; the chat does not start while there are any. */
  readonly problems: readonly Problem[];
  readonly status: ReadonlySignal<Status>;
  readonly signIn: ReadonlySignal<SignInState>;
  /** Bare JID of the account, undefined while signed out and for visitors. */
  readonly address: ReadonlySignal<string | undefined>;
  /** Who stayed signed in and is not any more. */
  readonly refused: ReadonlySignal<Refused | undefined>;
  /** Present while `signIn` is `in`. For a visitor it is there from the store before the connection is up. */
  readonly model: ReadonlySignal<Model | undefined>;
  /** False: what is written is gone when the page closes, as no storage is to be had. */
  readonly persistent: ReadonlySignal<boolean>;
  /** Key of the sentence that says why what is written from now on is gone when the page closes; undefined: it is stored, or was not to be. */
  readonly unstored: ReadonlySignal<string | undefined>;
  readonly registry: Registry;
  readonly plugins: Plugins;
  /** Opens the store and, for a visitor, the conversation and the connection. Idempotent. Rejects with ChatError storage. */
  start(): Promise<void>;
  /** Signs in with an address and a password; `stay`: also on the next page. Rejects with a ChatError (auth/wrong-password, network/unreachable, …). */
  logIn(address: string, password: string, options?: { readonly stay?: boolean }): Promise<void>;
  /** Signs out in all tabs: closes the session, disposes all of it and removes what is stored of the account, unless that is to be kept for the next login. */
  logOut(options?: { readonly keep?: boolean }): Promise<void>;
  /** How many messages that were written here have not reached the server: signing out would lose them. */
  unsent(): Promise<number>;
  /** Tries to connect at once. */
  reconnect(): void;
  on<K extends keyof ChatEvents>(event: K, run: (detail: ChatEvents[K]) => void): Disposable;
  /** Reports an error of a plugin or of the screen under its owner's id. */
  report(owner: string, error: unknown): void;
  /** Ends everything within 2 s, at any moment. */
  destroy(): Promise<void>;
}

export interface ChatParts {
  readonly options: Options;
  readonly problems: readonly Problem[];
  readonly plugins: readonly Plugin[];
  readonly environment: Environment;
  readonly log: Log;
  /** Name of the database; a test gives its own. */
  readonly database: string;
  readonly WebSocket?: typeof WebSocket;
  readonly fetch?: typeof fetch;
  /** What tabs of one site have in common; if not given, the browser's. */
  readonly tabs?: TabParts;
}

/** Somebody who comes in, or is in. */
interface Present {
  readonly entry: Entry;
  /** undefined: a visitor. */
  readonly accounts: Accounts | undefined;
  readonly session: SharedSession;
  readonly model: Model | undefined;
  /** Takes apart what was built for the sign-in. */
  dispose(): Promise<void>;
}

const IDLE: Status = { name: 'idle' };

/** Builds a chat. Nothing is opened, stored or connected before `start`. */
export const createChat = (parts: ChatParts): Chat => {
  const { options, problems, environment, log, database, tabs = { locks: globalThis.navigator.locks, BroadcastChannel: globalThis.BroadcastChannel } } = parts;
  const report = (error: unknown): void => log.report(error);
  const disposer = new Disposer(report);
  const registry = new Registry();
  const events = new Emitter<ChatEvents>(report);
  const host = createPluginHost(parts.plugins, log);
  const plugins = computed(() => [...host.states.value].flatMap(([id, { name }]) => (name === 'disposed' || name === 'failed' ? [] : [id])));
  /** Who comes in or is in; `model` says which. */
  const present = signal<Present | undefined>(undefined);
  const opened = signal<Store | undefined>(undefined);
  const refused = signal<Refused | undefined>(undefined);
  /** While it is not known yet who is in already. */
  const looking = signal(false);
  let opening: Promise<Store> | undefined;
  let starting: Promise<void> | undefined;
  let leaving: Promise<void> | undefined;
  /** Somebody is signing out or being forgotten, which the end of the chat must not keep from happening. */
  let forgetting: Promise<void> | undefined;
  let accounts: Promise<Accounts> | undefined;

  registry.add(conversationKinds, direct, 'model');

  const gone = (): ChatError => new ChatError('internal', 'destroyed', 'no');
  const store = (): Promise<Store> => {
    opening ??= openStore({ name: database, log: log.for('store'), ...(options.storage === 'none' ? { memory: true } : {}) }).then(made => {
      // Who signs out stores what is still to be stored.
      disposer.own(async () => {
        await Promise.allSettled([leaving, forgetting]);
        await made.close();
      });
      opened.value = made;
      return made;
    });
    return opening;
  };

  const withAccounts = async (): Promise<Accounts> => {
    if (disposer.disposed) throw gone();
    const its = await store();
    accounts ??= chunk(import('./account.js')).then(async ({ createAccounts }) => {
      const door: Door = {
        refused,
        isIn: () => present.peek() !== undefined,
        enter: entry => enter(entry, its, made),
        forget: async (dropping, why) => {
          forgetting = dropping;
          events.emit('error', why);
          await Promise.all([dropping, leave('out')]);
        },
      };
      const made = await createAccounts({ ...parts, tabs, store: its, door });
      disposer.own(() => made.dispose());
      return made;
    });
    accounts.catch(() => {
      accounts = undefined;
    });
    return accounts;
  };

  /** The session of an account, which all tabs have in common where they can. */
  const share = ({ domain, credentials, account, nameless, ...entry }: Entry, its: Store, people: Accounts | undefined): SharedSession => {
    const stored = !nameless && its.persistent.peek();
    const shares = stored && !!tabs.locks && !!tabs.BroadcastChannel;
    if (stored && !shares) log.info('This browser does not let tabs know of each other, so each has a session of its own.');
    return createSharedSession({
      name: shares ? `stoa ${database} ${account}` : undefined,
      tabs,
      domain,
      address: people && account,
      build: BUILD,
      plugins,
      proven: entry.proven,
      environment,
      log: log.for('session'),
      hold: () => its.hold(account, { alone: !shares }),
      makeLocal: async (storage, driven, login, proven) => {
        const memory = (await people?.memory({ domain, credentials, account, ...entry }, login)) ?? forgetfulLogins();
        const endpoints = endpointsFor({ options, domain, visitor: !people, store: its, environment: driven, log: log.for('session'), fetch: parts.fetch });
        const { WebSocket, fetch } = parts;
        return { memory, session: createSession({ endpoints, domain, credentials, memory, proven, storage, environment: driven, log: log.for('session'), registry, ...(WebSocket ? { WebSocket } : {}), ...(fetch ? { fetch } : {}) }) };
      },
    });
  };

  /** Lets somebody in: from its end on the stored conversations are visible. */
  const enter = async (entry: Entry, its: Store, people?: Accounts): Promise<void> => {
    if (disposer.disposed) throw gone();
    if (present.peek()) throw new ChatError('auth', 'signed-in', 'user');
    const session = share(entry, its, people);
    const built = new Disposer(report);
    const coming: Present = { entry, accounts: people, session, model: undefined, dispose: () => built.dispose() };
    present.value = coming;
    built.own(its.persistent.subscribe(persistent => void (persistent || session.isolate())));
    const told = (): void => void leave('told').catch(report);
    built.own(session.hear('logout', told));
    const stillHere = (): void => {
      if (present.peek()?.session !== session) throw gone();
    };
    try {
      // It ends with the name, under which they enter anew.
      if (entry.nameless) await people?.admit(entry, session);
      const { model, dispose } = await createSignIn({ account: entry.account, session, store: its, registry, environment, events, host, log, people, only: options.mode === 'page' ? undefined : options.to });
      built.own(dispose);
      stillHere();
      await people?.admit(entry, session);
      stillHere();
      if (people) built.own(people.enter(entry, session, told));
      present.value = { ...coming, model };
      events.emit('ready', undefined);
      // Whoever heard that it is ready may have ended it.
      stillHere();
      session.connect();
    } catch (error) {
      if (present.peek()?.session === session) present.value = undefined;
      await session.destroy();
      await built.dispose();
      throw error;
    }
  };

  /** Ends a sign-in. `away`: other tabs go on · `out`: it ends in all tabs · `told`: another one ended it. */
  const leave = async (how: 'away' | 'out' | 'told'): Promise<void> => {
    const last = present.peek();
    present.value = undefined;
    if (!last) return;
    const { session, accounts: people } = last;
    const held = session.role.peek() === 'holder';
    const ending = how === 'away' ? session.destroy() : how === 'out' ? session.logOut() : session.close();
    // A sign-in that is still on its way must not wait for a plugin that takes its time.
    await Promise.all([ending, last.model ? undefined : host.stop()]);
    if (held && how !== 'away') people?.invalidate(last.entry);
    await last.dispose();
    await session.destroy();
  };

  const startVisitor = async (): Promise<void> => {
    const its = await store();
    const account = await visitorAccount(options, its, environment, log);
    await enter({ account, domain: options.domain, credentials: { kind: 'anonymous' }, proven: true }, its);
  };

  const logOut: Chat['logOut'] = ({ keep = false } = {}) => {
    const last = present.peek();
    const out = async (): Promise<void> => {
      await Promise.all([last?.accounts?.drop(last.entry), leave('out')]);
      if (!keep) await last?.accounts?.wipe(last.entry);
    };
    return (forgetting = out());
  };

  disposer.own(
    effect(() => {
      const unread = present.value?.model?.unread.value;
      if (unread !== undefined) events.emit('unread', unread);
    }),
  );

  return {
    options,
    problems,
    status: computed(() => present.value?.session.status.value ?? IDLE),
    signIn: computed(() => (present.value?.model ? 'in' : present.value || looking.value ? 'signing-in' : 'out')),
    address: computed(() => (present.value?.model && present.value.accounts ? present.value.entry.account : undefined)),
    refused,
    model: computed(() => present.value?.model),
    persistent: computed(() => options.storage === 'none' || (opened.value?.persistent.value ?? true)),
    unstored: computed(() => {
      const trouble = opened.value?.trouble.value;
      return trouble && wordKeyOf(trouble);
    }),
    registry,
    plugins: host,
    start: () => {
      starting ??= (async () => {
        if (problems.length > 0 || disposer.disposed) return;
        looking.value = true;
        await (options.auth === 'anonymous' ? startVisitor() : (await withAccounts()).start()).finally(() => (looking.value = false));
      })().catch((thrown: unknown) => {
        if (disposer.disposed) return;
        starting = undefined;
        const error = toChatError(thrown, 'storage', 'failed', 'user');
        events.emit('error', { code: error.code, message: error.message });
        throw error;
      });
      return starting;
    },
    logIn: async (...who) => (await withAccounts()).logIn(...who),
    logOut,
    unsent: async () => {
      const entry = present.peek()?.entry;
      return entry ? (await (await store()).outbox.entries(entry.account)).length : 0;
    },
    reconnect: () => present.peek()?.session.reconnectNow(),
    on: (event, run) => events.on(event, run),
    report: (owner, error) => log.for(owner).report(error),
    destroy: async () => {
      leaving ??= leave('away');
      await Promise.all([leaving, disposer.dispose()]);
    },
  };
};
