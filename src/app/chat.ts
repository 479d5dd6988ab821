/** A chat: everything of one sign-in after another, put together; reads like a recipe. */
import type { Disposable } from '../base/disposer.js';
import type { ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Problem, Status } from '../entities/status.js';
import type { Model } from '../model/model.js';
import type { Options } from './config.js';

/**
 * `out`: nobody is signed in · `in`: somebody is, though the connection may be down ·
 * `signing-in`: a first login is on its way, nothing stored may be shown yet.
 */
export type SignIn = 'out' | 'signing-in' | 'in';

export interface ChatEvents {
  readonly ready: undefined;
  readonly unread: number;
  readonly 'message:received': { readonly conversation: string; readonly id: string; readonly sender: string; readonly body: string | null };
  readonly 'message:sent': { readonly conversation: string; readonly id: string; readonly body: string | null };
  readonly error: { readonly code: string; readonly message: string };
}

export interface Chat {
  readonly options: Options;
  /** Bad options, one sentence each; the chat does not start while there are any. */
  readonly problems: readonly Problem[];
  readonly status: ReadonlySignal<Status>;
  readonly signIn: ReadonlySignal<SignIn>;
  /** Bare JID of the account, undefined while signed out and for visitors. */
  readonly address: ReadonlySignal<string | undefined>;
  /** Present while `signIn` is `in`. For a visitor it is there from the store before the connection is up. */
  readonly model: ReadonlySignal<Model | undefined>;
  /** False: what is written is gone when the page closes (no storage to be had). */
  readonly persistent: ReadonlySignal<boolean>;
  readonly registry: Registry;
  /** Opens the store and, for a visitor, the conversation and the connection. Idempotent. */
  start(): Promise<void>;
  /** Signs in with an address and a password. Rejects with a ChatError (auth/wrong-password, network/unreachable, …). */
  logIn(address: string, password: string): Promise<void>;
  /** Signs out: closes the session and disposes all of it. What is stored stays hidden until the next login. */
  logOut(): Promise<void>;
  /** Tries to connect at once. */
  reconnect(): void;
  on<K extends keyof ChatEvents>(event: K, run: (detail: ChatEvents[K]) => void): Disposable;
  destroy(): Promise<void>;
}
