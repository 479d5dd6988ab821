/** What a plugin is: an id, what it needs, and a setup that runs once per sign-in. */
import type { Disposable } from '../base/disposer.js';
import { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { ReadonlySignal, Signal } from '../base/signal.js';
import { defineSlot, type Service, type Slot } from '../base/slot.js';
import type { Model } from '../model/model.js';
import type { Online } from '../tabs/while-online.js';
import type { Disco } from '../xmpp/disco.js';
import type { Session } from '../xmpp/session.js';
import type { ChatEvents } from './events.js';

export type SettingValue = string | number | boolean;
export type SettingDefaults = Readonly<Record<string, SettingValue>>;
type Widened<V> = V extends boolean ? boolean : V extends number ? number : string;
/** One writable signal per setting; writing it stores it. */
export type Settings<S extends SettingDefaults> = { readonly [K in keyof S]: Signal<Widened<S[K]>> };

/** Storage of one plugin and one account; values are structured-cloneable. */
export interface PluginStorage {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The screen's half of a plugin, loaded only where there is a screen. */
export interface UiModule {
  setupUi(ctx: PluginContext): void;
}
export interface UiPart {
  readonly ctx: PluginContext;
  load(): Promise<UiModule>;
}
/** Read by the screen. */
export const uiParts = defineSlot<UiPart>('uiParts');

/** Everything a plugin may touch. All that it hands out is given back in reverse order when the plugin goes; `abort` fires first. */
export interface PluginContext<S extends SettingDefaults = SettingDefaults> {
  readonly id: string;
  readonly session: Session;
  readonly model: Model;
  readonly disco: Disco;
  readonly settings: Settings<S>;
  readonly storage: PluginStorage;
  readonly log: Log;
  /** Fires when the plugin goes, before anything else is undone. */
  readonly abort: AbortSignal;
  add<T>(slot: Slot<T>, value: NoInfer<T>): Disposable;
  provide<T>(service: Service<T>, value: NoInfer<T>): Disposable;
  /** The service, which a plugin named in `requires` offers. Throws when nobody does. */
  use<T>(service: Service<T>): T;
  find<T>(service: Service<T>): ReadonlySignal<T | undefined>;
  /** A value that all tabs see, written by the tab that holds the session; plain data. */
  live<T>(name: string, initial: T): Signal<T>;
  on<K extends keyof ChatEvents>(event: K, run: (detail: ChatEvents[K]) => void): Disposable;
  /** Runs whenever the session comes online in this tab, and gives back what it returned when it is not any more. `resumed`: the stream goes on, so the server repeats nothing. */
  whileOnline(run: (session: Session, online: Online) => Disposable | undefined | void): Disposable;
  /** Names the screen's half. */
  ui(load: () => Promise<UiModule>): Disposable;
  /** Runs once after `ms` milliseconds, unless the plugin goes first. */
  timer(ms: number, run: () => void): Disposable;
  own(disposable: Disposable): Disposable;
}

export interface Plugin<S extends SettingDefaults = SettingDefaults> {
  readonly id: string;
  /** Ids of plugins that must be active before this one. */
  readonly requires?: readonly string[];
  /** Defaults of the settings; their types follow. */
  readonly settings?: S;
  /** Runs once per sign-in. May be asynchronous; what it added is undone if it throws. */
  setup(ctx: PluginContext<S>): void | Promise<void>;
}

/** Checks a plugin's shape and gives it back with its types. Throws ChatError plugin/bad-definition. */
export const definePlugin = <const S extends SettingDefaults = Readonly<Record<string, never>>>(plugin: Plugin<S>): Plugin => {
  if (!/^[a-z][a-z0-9-]{0,63}$/u.test(plugin.id)) throw new ChatError('plugin', 'bad-definition', 'no', `A plugin's id is lower-case letters, digits and hyphens, not “${plugin.id}”`);
  if (typeof plugin.setup !== 'function') throw new ChatError('plugin', 'bad-definition', 'no', `The plugin “${plugin.id}” has no setup function`);
  return Object.freeze({ ...plugin });
};

/** `failed` names why, in one sentence. */
export type PluginState =
  | { readonly name: 'known' }
  | { readonly name: 'loading' }
  | { readonly name: 'active' }
  | { readonly name: 'disposed' }
  | { readonly name: 'failed'; readonly reason: string };
