/** What a session is that all tabs of an account have in common, to those above and to the parts that make it. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ReadonlySignal, Signal } from '../base/signal.js';
import type { LoginMemory } from '../xmpp/auth/login-memory.js';
import type { Session } from '../xmpp/session.js';
import type { Touched } from './channel.js';
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
}
