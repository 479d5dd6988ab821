/** Owns the chat of an element: makes it when it is wanted, makes it anew when its options change, and gives it back when nobody needs it any more. */
import type { Chat } from '../app/chat.js';
import type { OptionsInput } from '../app/config.js';
import type { ChatEvents } from '../app/events.js';
import type { Plugin, PluginState } from '../app/plugin.js';
import { toChatError, wordKeyOf } from '../base/errors.js';
import { effect, signal, type ReadonlySignal } from '../base/signal.js';
import type { Problem } from '../entities/status.js';

/** Makes a chat; `release` gives back what it stood on, after it is destroyed. */
export type MakeChat = (input: OptionsInput, plugins: readonly Plugin[]) => { readonly chat: Chat; release(): void };

/** What makes a chat another one: a change of `key` ends the present chat and begins a new one. */
export interface Wish {
  readonly key: string;
  readonly input: OptionsInput;
}

/** Hears the events of whichever chat there is. */
export type Relay = <K extends keyof ChatEvents>(event: K, detail: ChatEvents[K]) => void;

const EVENTS: readonly (keyof ChatEvents)[] = ['ready', 'unread', 'message:received', 'message:sent', 'error'];

/** Only another build of the page can help. */
const RELOADS: readonly string[] = ['chunk-not-loaded', 'newer-version'];

export class ChatKeeper {
  readonly #chat = signal<Chat | undefined>(undefined);
  readonly #trouble = signal<Problem | undefined>(undefined);
  readonly #make: MakeChat;
  readonly #relay: Relay;
  readonly #plugins: Plugin[] = [];
  /** Who waits to hear what became of a plugin that was added before there was a chat. */
  #waiting: (() => void)[] = [];
  #wish: Wish | undefined;
  #present: { readonly key: string; readonly chat: Chat; release(): void } | undefined;
  #settling: Promise<void> | undefined;
  #ended = false;

  constructor(make: MakeChat, relay: Relay) {
    this.#make = make;
    this.#relay = relay;
  }

  /** undefined while there is none: before it is wanted, and while the last one ends. */
  get chat(): ReadonlySignal<Chat | undefined> {
    return this.#chat;
  }

  /** Why the chat could not start. */
  get trouble(): ReadonlySignal<Problem | undefined> {
    return this.#trouble;
  }

  /** Says which chat is wanted from now on; undefined: none. Settles when it is so. */
  want(wish: Wish | undefined): Promise<void> {
    this.#wish = wish;
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  /** Ends the chat for good. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.want(undefined);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Starts a chat again that could not start. */
  again(): void {
    this.#trouble.value = undefined;
    if (this.#present) this.#start(this.#present.chat);
  }

  /** Adds a plugin to this chat and to those that follow. */
  async addPlugin(plugin: Plugin): Promise<PluginState> {
    const chat = this.#present?.chat;
    this.#plugins.push(plugin);
    const state = await chat?.plugins.add(plugin);
    if (state && state.name !== 'known') return state;
    if (!chat && !this.#ended) await new Promise<void>(resolve => this.#waiting.push(resolve));
    return this.#fateOf(plugin.id);
  }

  async #settle(): Promise<void> {
    // One at a time: a new chat on the same store begins when the last one has ended.
    while (this.#wish?.key !== this.#present?.key) {
      const last = this.#present;
      const wish: Wish | undefined = this.#wish;
      if (last) {
        this.#present = undefined;
        this.#chat.value = undefined;
        this.#trouble.value = undefined;
        await last.chat.destroy();
        last.release();
      } else if (wish) {
        const { chat, release } = this.#make(wish.input, [...this.#plugins]);
        this.#present = { key: wish.key, chat, release };
        for (const event of EVENTS) chat.on(event, detail => this.#relay(event, detail));
        this.#chat.value = chat;
        this.#start(chat);
        for (const resolve of this.#waiting.splice(0)) resolve();
      }
    }
  }

  #start(chat: Chat): void {
    chat.start().catch((thrown: unknown) => {
      if (this.#present?.chat !== chat) return;
      const error = toChatError(thrown);
      const { domain } = chat.options;
      this.#trouble.value = { code: wordKeyOf(error), params: { domain, host: domain, ...error.about }, action: RELOADS.includes(error.code) ? 'reload' : 'retry' };
    });
  }

  /** What becomes of a plugin in the present chat; `disposed` if that ends first. */
  #fateOf(id: string): Promise<PluginState> {
    const chat = this.#present?.chat;
    return new Promise(resolve => {
      const stop = effect(() => {
        const state = chat && this.#chat.value === chat ? chat.plugins.states.value.get(id) : { name: 'disposed' as const };
        if (state?.name !== 'active' && state?.name !== 'failed' && state?.name !== 'disposed') return;
        resolve(state);
        // An effect cannot end itself while it runs for the first time.
        queueMicrotask(() => stop());
      });
    });
  }
}
