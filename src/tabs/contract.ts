/** What a session is that all tabs of an account have in common, to those above and to the parts that make it. */
import type { Disposable } from '../base/disposer.js';
import type { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import type { Log } from '../base/log.js';
import type { ReadonlySignal, Signal } from '../base/signal.js';
import type { LoginMemory } from '../xmpp/auth/login-memory.js';
import type { Session } from '../xmpp/session.js';
import type { SessionStorage } from '../xmpp/session-storage.js';
import type { HolderState, Touched } from './channel.js';
import type { createCompany } from './company.js';
import type { LiveValues } from './live.js';

/** `joining`: nobody has answered yet, or whoever held it is gone · `holder`: the session is here · `follower`: it is in another tab. */
export type Role = 'joining' | 'holder' | 'follower';

export interface TabEvents {
  /** Another tab has written to the store. */
  readonly touched: Touched;
  /** Something may have been written that was not heard of here. */
  readonly missed: undefined;
  /** The account signs out in another tab. */
  readonly logout: undefined;
}

/** `online` and `offline` are told in the tab that holds the session alone; status and signals are the same in all. */
export interface SharedSession extends Session {
  readonly role: ReadonlySignal<Role>;
  /** Whether a login of the account has worked, here or in the tab that holds it. */
  readonly proven: ReadonlySignal<boolean>;
  readonly live: LiveValues;
  hear<K extends keyof TabEvents>(event: K, run: (detail: TabEvents[K]) => void): Disposable;
  /** Tells the other tabs what a write has changed. */
  tell(touched: Touched): void;
  /** Signs out in all tabs: closes the session politely, wherever it is. */
  logOut(): Promise<void>;
  /** Closes the session politely if it is here; other tabs do not go on with it. */
  close(): Promise<void>;
  /** Has nothing in common with other tabs any more, as what they store is not the same. */
  isolate(): void;
}

/** What browsers give to tabs of one site; without both each tab has a session of its own. */
export interface TabParts {
  readonly locks?: LockManager | undefined;
  readonly BroadcastChannel?: typeof BroadcastChannel | undefined;
}

export interface LocalSession {
  readonly session: Session;
  readonly memory: LoginMemory;
}

/** What other tabs change about the machine that a session runs on. */
export interface Machine {
  /** Whether one of them can be seen. */
  readonly seen: Signal<boolean>;
  timer: Environment['timer'];
  /** When one of them wakes, or this one. */
  readonly wakes: Emitter<{ readonly wake: undefined }>;
}

/** What it takes for a shared session. */
export interface SharedParts {
  /** The same for all tabs that share; undefined: there is nothing to share. */
  readonly name: string | undefined;
  readonly tabs: TabParts;
  readonly domain: string;
  /** The bare JID that a login must give; undefined: any, as of a visitor. Another one is told as ChatError auth/other-account, whose message it is. */
  readonly address: string | undefined;
  /** Of the code that runs here; of two the higher is the newer. */
  readonly build: number;
  readonly plugins: ReadonlySignal<readonly string[]>;
  /** Whether the account needs no proof by a login: a visitor, or a login that was kept. */
  readonly proven: boolean;
  readonly environment: Environment;
  readonly log: Log;
  /** Given only by tests: how what it takes to be one of many is loaded. */
  company?(): Promise<{ readonly createCompany: typeof createCompany }>;
  /** Shuts out whoever held the account before, and gives what is stored of its stream. */
  hold(): Promise<{ readonly epoch: number; readonly storage: SessionStorage }>;
  /** The session of this tab, not asked to connect yet, and what it remembers of its logins; `login`: what the holder before it gave; `proven`: a login of the account has worked. */
  makeLocal(storage: SessionStorage, environment: Environment, login: HolderState['login'] | undefined, proven: boolean): Promise<LocalSession>;
}
