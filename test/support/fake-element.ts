/** The element of the page over chats that need no server: each chat that it makes can be looked at and played with. */
import type { OptionsInput } from '../../src/app/config.js';
import type { Plugin } from '../../src/app/plugin.js';
import { createLog, type LogEntry } from '../../src/base/log.js';
import { StoaChatElement } from '../../src/components/chat-element.js';
import { createFakeChat, type FakeChat } from './fake-chat.js';

export interface MadeChat {
  readonly chat: FakeChat;
  readonly input: OptionsInput;
  readonly plugins: readonly Plugin[];
  /** `begun` · `ended` after destroy · `released` after that. */
  readonly life: readonly string[];
}

export interface Workshop {
  /** All chats that elements have made, in order. */
  readonly made: readonly MadeChat[];
  /** What was logged. */
  readonly entries: readonly LogEntry[];
  /** Runs on each chat before it is started. */
  prepare(run: (chat: FakeChat) => void): void;
  /** Chats refuse to start with this; undefined: they do start. */
  refuse(error: unknown): void;
}

/** Defines <stoa-chat>, once in a test's page. */
export const defineFakeElement = (): Workshop => {
  const made: MadeChat[] = [];
  const entries: LogEntry[] = [];
  let prepare = (_: FakeChat): void => undefined;
  let refusal: unknown;
  const log = createLog('chat', entry => void entries.push(entry));
  customElements.define(
    'stoa-chat',
    class extends StoaChatElement {
      protected override readonly log = log;
      protected override readonly make = (input: OptionsInput, plugins: readonly Plugin[]) => {
        const life: string[] = ['begun'];
        const chat: FakeChat = {
          ...createFakeChat(input),
          start: () => (refusal ? Promise.reject(refusal as Error) : Promise.resolve()),
          destroy: async () => {
            // Takes its time, as a connection does.
            await new Promise(resolve => setTimeout(resolve));
            life.push('ended');
          },
        };
        prepare(chat);
        made.push({ chat, input, plugins, life });
        return { chat, release: () => void life.push('released') };
      };
    },
  );
  return { made, entries, prepare: run => void (prepare = run), refuse: error => void (refusal = error) };
};

export const GOOD = { to: 'alice@example.org', service: 'wss://example.org/ws' } as const;

/** Puts an element with some options into the page. */
export const addElement = (options: Readonly<Record<string, string>> = GOOD, parent: Element = document.body): StoaChatElement => {
  const element = document.createElement('stoa-chat');
  for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
  parent.append(element);
  return element;
};

/** Finds what must be in the element's shadow root. */
export const inside = (element: Element, selector: string): HTMLElement => {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no “${selector}” in the element`);
  return found;
};

/** What has focus in the element. */
export const focused = (element: Element): Element | null => element.shadowRoot?.activeElement ?? null;
