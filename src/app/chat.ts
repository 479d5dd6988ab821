/** A chat: one sign-in after another over one store, put together; reads like a recipe. */
import { chunk } from '../base/chunk.js';
import { Disposer, type Disposable } from '../base/disposer.js';
import { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import { ChatError, toChatError, wordKeyOf } from '../base/errors.js';
import { parseJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { computed, effect, signal, type ReadonlySignal } from '../base/signal.js';
import { Registry } from '../base/slot.js';
import type { Problem, Status } from '../entities/status.js';
import type { Model } from '../model/model.js';
import { direct } from '../model/direct.js';
import { conversationKinds } from '../model/slots.js';
import { openStore, type Store } from '../store/store.js';
import { forgetfulLogins } from '../xmpp/auth/login-memory.js';
import { forgetfulStorage } from '../xmpp/session-storage.js';
import { createSession, type Credentials, type Session } from '../xmpp/session.js';
import type { Options } from './config.js';
import type { ChatEvents } from './events.js';
import type { Plugin } from './plugin.js';
import { createPluginHost, type Plugins } from './plugin-host.js';
import { endpointsOf } from './server-endpoints.js';
import { createSignIn, type SignInOptions } from './sign-in.js';
import { visitorAccount } from './visitor.js';

/**
 * `out`: nobody is signed in · `in`: somebody is, though the connection may be down ·
 * `signing-in`: a first login is on its way, and nothing stored may be shown yet.
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
  /** Signs in with an address and a password. Rejects with a ChatError (auth/wrong-password, network/unreachable, …). */
  logIn(address: string, password: string): Promise<void>;
  /** Signs out: closes the session and disposes all of it. What is stored stays hidden until the next login. */
  logOut(): Promise<void>;
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
}

interface SignedIn {
  readonly session: Session;
  readonly model: Model;
  readonly visitor: boolean;
  dispose(): Promise<void>;
}

const IDLE: Status = { name: 'idle' };

/** Builds a chat. Nothing is opened, stored or connected before `start`. */
export const createChat = (parts: ChatParts): Chat => {
  const { options, problems, environment, log, database } = parts;
  const disposer = new Disposer(error => log.report(error));
  const registry = new Registry();
  const events = new Emitter<ChatEvents>(error => log.report(error));
  const host = createPluginHost(parts.plugins, log);
  const session = signal<Session | undefined>(undefined);
  const signedIn = signal<SignedIn | undefined>(undefined);
  const signingIn = signal(false);
  const opened = signal<Store | undefined>(undefined);
  let opening: Promise<Store> | undefined;
  let starting: Promise<void> | undefined;
  let leaving: Promise<void> | undefined;

  registry.add(conversationKinds, direct, 'model');

  const gone = (): ChatError => new ChatError('internal', 'destroyed', 'no');
  const store = (): Promise<Store> => {
    opening ??= openStore({ name: database, log: log.for('store'), ...(options.storage === 'none' ? { memory: true } : {}) }).then(made => {
      // Who signs out stores what is still to be stored.
      disposer.own(async () => {
        await Promise.allSettled([leaving]);
        await made.close();
      });
      opened.value = made;
      return made;
    });
    return opening;
  };

  const newSession = (domain: string, credentials: Credentials): Session => {
    const endpoints = endpointsOf({ options, domain, visitor: credentials.kind === 'anonymous', store, environment, log: log.for('session') });
    return createSession({ endpoints, domain, credentials, memory: forgetfulLogins(), storage: forgetfulStorage(), environment, log: log.for('session'), registry, ...(parts.WebSocket ? { WebSocket: parts.WebSocket } : {}) });
  };

  /** Shows an account, or a visitor if there is no roster: from here on the stored conversations are visible. */
  const enter = async (its: Session, account: string, createRoster?: SignInOptions['createRoster']): Promise<void> => {
    const { model, dispose } = await createSignIn({ account, session: its, store: await store(), registry, environment, events, host, log, createRoster, only: options.mode === 'page' ? undefined : options.to });
    const leave = async (): Promise<void> => {
      await its.disconnect();
      await dispose();
      await its.destroy();
    };
    if (disposer.disposed || session.peek() !== its) {
      await leave();
      throw gone();
    }
    signedIn.value = { session: its, model, visitor: !createRoster, dispose: leave };
    events.emit('ready', undefined);
  };

  const startVisitor = async (): Promise<void> => {
    const account = await visitorAccount(options, await store(), environment);
    if (disposer.disposed) throw gone();
    const its = newSession(options.domain, { kind: 'anonymous' });
    session.value = its;
    await enter(its, account);
    // Whoever heard that it is ready may have ended it.
    if (session.peek() === its) its.connect();
  };

  const logIn = async (address: string, password: string): Promise<void> => {
    const jid = parseJid(address.includes('@') ? address : `${address}@${options.domain}`);
    if (!jid?.local) throw new ChatError('auth', 'bad-address', 'user');
    if (disposer.disposed) throw gone();
    if (signedIn.peek() || signingIn.peek()) throw new ChatError('auth', 'signed-in', 'user');
    signingIn.value = true;
    const its = newSession(jid.domain, { kind: 'password', username: jid.local, password });
    session.value = its;
    try {
      const { createRoster, firstLogin } = await chunk(import('./account.js'));
      if (session.peek() === its) await firstLogin(its);
      if (session.peek() !== its) throw gone();
      await enter(its, its.account ?? jid.bare, createRoster);
    } catch (error) {
      await its.destroy();
      if (session.peek() === its) session.value = undefined;
      throw error;
    } finally {
      signingIn.value = false;
    }
  };

  const logOut = async (): Promise<void> => {
    const last = signedIn.peek();
    const its = session.peek();
    signedIn.value = undefined;
    session.value = undefined;
    if (last) return last.dispose();
    // A sign-in that is still on its way must not wait for a plugin that takes its time.
    await Promise.all([host.stop(), its?.destroy()]);
    return undefined;
  };

  disposer.own(
    effect(() => {
      const unread = signedIn.value?.model.unread.value;
      if (unread !== undefined) events.emit('unread', unread);
    }),
  );

  return {
    options,
    problems,
    status: computed(() => session.value?.status.value ?? IDLE),
    signIn: computed(() => (signedIn.value ? 'in' : signingIn.value ? 'signing-in' : 'out')),
    address: computed(() => (signedIn.value && !signedIn.value.visitor ? signedIn.value.session.account : undefined)),
    model: computed(() => signedIn.value?.model),
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
        if (options.auth === 'anonymous') await startVisitor();
        else await store();
      })().catch((thrown: unknown) => {
        if (disposer.disposed) return;
        starting = undefined;
        const error = toChatError(thrown, 'storage', 'failed', 'user');
        events.emit('error', { code: error.code, message: error.message });
        throw error;
      });
      return starting;
    },
    logIn,
    logOut,
    reconnect: () => session.peek()?.reconnectNow(),
    on: (event, run) => events.on(event, run),
    report: (owner, error) => log.for(owner).report(error),
    destroy: async () => {
      leaving ??= logOut();
      await Promise.all([leaving, disposer.dispose()]);
    },
  };
};
