/** What the tabs of one account tell each other, over one BroadcastChannel. */
import { randomId } from '../base/id.js';
import type { LoginPins, LoginSecret } from '../xmpp/auth/login-memory.js';
import type { Status } from '../entities/status.js';

/** Goes up whenever the words or the live values change their meaning. Whoever hears a higher one is outdated. */
export const VERSION = 1;

/** A live value that is not as it was: as a whole, or what of a map was put and removed. */
export type LiveChange = { readonly name: string } & ({ readonly value: unknown } | { readonly put: ReadonlyMap<unknown, unknown>; readonly gone: readonly unknown[] });

/** An error that can be cloned: `type` for those of stanzas. */
export interface PlainError {
  readonly domain: string;
  readonly code: string;
  readonly retry: string;
  readonly message: string;
  readonly type?: string;
  readonly text?: string;
}

/** How the session of the tab that holds it is doing, and what its successor needs. */
export interface HolderState {
  /** Goes up with each holder: who is behind has been replaced. */
  readonly epoch: number;
  readonly status: Status;
  readonly online: boolean;
  /** Whether somebody is signed in: a login worked. */
  readonly proven: boolean;
  readonly account?: string;
  readonly jid?: string;
  readonly carbons: boolean;
  /** Never written anywhere: it goes from memory to memory. */
  readonly login?: { readonly secret: LoginSecret; readonly pins: LoginPins; readonly password?: string | undefined };
  readonly build: number;
  readonly plugins: readonly string[];
}

/** What a write changed, by name only: who cares reads it from the store, which knows the order of things. */
export interface Touched {
  /** `new`: not known before. */
  readonly messages: readonly { readonly id: string; readonly conversation: string; readonly new?: boolean }[];
  readonly conversations: readonly string[];
}

/** `to`: meant for one tab alone. */
export type Told =
  /** Who holds it? Told by a tab that comes, and again when its plugins change. */
  | { readonly type: 'hello'; readonly build: number; readonly plugins: readonly string[] }
  /** The holder's answer, and its news. */
  | { readonly type: 'state'; readonly state: HolderState; readonly live?: ReadonlyMap<string, unknown>; readonly to?: string }
  /** The holder gives way to a tab that can do more. */
  | { readonly type: 'yours'; readonly to: string }
  /** Are you there? Told by tabs that can be seen. */
  | { readonly type: 'tick'; readonly visible: boolean; readonly woke: boolean }
  | { readonly type: 'tock' }
  | { readonly type: 'send' | 'request'; readonly id: string; readonly xml: string }
  | { readonly type: 'answer'; readonly to: string; readonly id: string; readonly xml?: string; readonly error?: PlainError }
  | { readonly type: 'reconnect' }
  | { readonly type: 'live'; readonly change: LiveChange }
  | { readonly type: 'touched'; readonly touched: Touched }
  /** The account signs out, in all tabs. */
  | { readonly type: 'logout' };

/** What came from the tab `from`; its other members are still to be looked at. */
export interface Heard {
  readonly from: string;
  readonly type: string;
}

export interface Channel {
  readonly id: string;
  /** Tells all other tabs. Throws a DataCloneError for what cannot be cloned. */
  post(told: Told): void;
  /** Opens it again after `close`; idempotent. */
  open(): void;
  close(): void;
}

export interface ChannelParts {
  readonly name: string;
  readonly BroadcastChannel: typeof BroadcastChannel;
  hear(heard: Heard): void;
  /** A tab speaks of which we cannot know what it says. */
  outdated(): void;
}

/** A channel that is open. */
export const createChannel = ({ name, hear, outdated, ...parts }: ChannelParts): Channel => {
  const id = randomId();
  let channel: BroadcastChannel | undefined;

  const take = ({ data }: MessageEvent<(Partial<Record<'stoa' | 'from' | 'type' | 'to', unknown>>) | null>): void => {
    const { stoa, from, type, to } = data ?? {};
    if (typeof stoa === 'number' && stoa > VERSION) outdated();
    else if (stoa === VERSION && typeof from === 'string' && typeof type === 'string' && (to === undefined || to === id)) hear(data as Heard);
  };

  const open = (): void => {
    if (channel) return;
    channel = new parts.BroadcastChannel(name);
    channel.addEventListener('message', take);
  };
  open();
  return {
    id,
    open,
    post: told => channel?.postMessage({ stoa: VERSION, from: id, ...told }),
    close: () => {
      channel?.close();
      channel = undefined;
    },
  };
};
