/** A chat as a person meets it in a page: what is to be seen of it, and what can be done with it. */
import type { Tab } from './tab.js';
import { until } from './until.js';

declare global {
  interface Window {
    /** What pages of tests note. */
    said: string[];
    /** The handles that pages of tests got from the queue. */
    chats: { open(): void; close(): void; readonly isOpen: boolean; readonly unread: number; on(event: string, run: (detail: unknown) => void): () => void; destroy(): Promise<void> }[];
  }
}

export interface SeenMessage {
  readonly text: string;
  readonly mine: boolean;
  /** Its tick or trouble: queued, sending, unconfirmed, sent, failed, delivered, read; empty on others' messages. */
  readonly state: string;
}

export interface Seen {
  readonly messages: readonly SeenMessage[];
  /** What the header says below the name. */
  readonly status: string;
  readonly typing: boolean;
  /** The chip over the messages that tells of trouble with the connection. */
  readonly chip: string;
  /** The sentence that says what is wrong and what to do. */
  readonly problem: string;
  /** The name of the launcher as a screen reader hears it. */
  readonly launcher: string;
  readonly placeholder: string;
}

/** Looks at a chat. Runs in the page. */
const look = (host: string): Seen => {
  const root = document.querySelector(host)?.shadowRoot;
  const text = (selector: string): string => (root?.querySelector(selector)?.textContent ?? '').replace(/\s+/gu, ' ').trim();
  const words: Readonly<Record<string, string>> = { 'Waiting to be sent': 'queued', Sending: 'sending', Sent: 'sent', Delivered: 'delivered', Read: 'read', 'Not sent': 'failed', 'Not confirmed': 'unconfirmed' };
  const stateOf = (article: Element): string => {
    const shown = article.querySelector('.tick, .trouble')?.classList[1];
    // Inside a group the tick is told to screen readers alone.
    const told = article.querySelector('.hidden-text')?.textContent?.split(', ').at(-1) ?? '';
    return shown ?? words[told] ?? '';
  };
  const messages = [...(root?.querySelectorAll('article.message') ?? [])].map(article => ({ text: article.querySelector('.text')?.textContent ?? '', mine: article.classList.contains('mine'), state: stateOf(article) }));
  return {
    messages,
    status: text('stoa-conversation-header .status'),
    typing: !!root?.querySelector('stoa-typing .dots'),
    chip: text('.status-chip'),
    problem: [...(root?.querySelectorAll('[role=alert], .error') ?? [])].map(({ textContent }) => textContent.replace(/\s+/gu, ' ').trim()).find(Boolean) ?? '',
    launcher: root?.querySelector('[part=launcher]')?.getAttribute('aria-label') ?? '',
    placeholder: root?.querySelector('textarea')?.placeholder ?? '',
  };
};

export interface ChatPage {
  look(): Promise<Seen>;
  /** Waits until what is to be seen fits, and gives it back. */
  until(what: string, fits: (seen: Seen) => boolean): Promise<Seen>;
  /** Waits until a message with this text is to be seen, in one of these states if any are given. */
  message(text: string, ...states: readonly string[]): Promise<void>;
  /** Waits until the texts to be seen are these, in this order. */
  texts(...texts: readonly string[]): Promise<void>;
  /** Presses the launcher and waits for the field. */
  open(): Promise<void>;
  /** Types into the field without sending. */
  type(text: string): Promise<void>;
  /** Types and presses Enter. */
  write(text: string): Promise<void>;
  click(selector: string): Promise<void>;
  sees(selector: string): Promise<void>;
  /** Fills the login form and sends it. */
  logIn(user: string, password: string): Promise<void>;
}

/** The chat of a tab; `host` chooses among several elements. */
export const chatIn = (tab: Tab, host = 'stoa-chat'): ChatPage => {
  const inside = (selector: string): string => `${host} >>> ${selector}`;
  const see = (): Promise<Seen> => tab.run(look, host);
  const chat: ChatPage = {
    look: see,
    until: async (what, fits) => {
      let seen: Seen | undefined;
      await until(what, async () => fits((seen = await see())), async () => `Seen: ${JSON.stringify(seen)}. ${await tab.describe()}`);
      return seen ?? see();
    },
    message: async (text, ...states) => void (await chat.until(`the message “${text}” ${states.join(' or ')}`, ({ messages }) => messages.some(message => message.text === text && (states.length === 0 || states.includes(message.state))))),
    texts: async (...texts) => void (await chat.until(`the messages ${texts.join(' | ')}`, ({ messages }) => messages.map(({ text }) => text).join('\n') === texts.join('\n'))),
    open: async () => {
      await tab.click(inside('[part=launcher]'));
      await tab.sees(inside('textarea'));
    },
    type: text => tab.fill(inside('textarea'), text),
    write: async text => {
      await chat.type(text);
      await tab.press('Enter');
    },
    click: selector => tab.click(inside(selector)),
    sees: selector => tab.sees(inside(selector)),
    logIn: async (user, password) => {
      await tab.fill(inside('input[autocomplete~=username]'), user);
      await tab.fill(inside('input[autocomplete~=current-password]'), password);
      await tab.press('Enter');
    },
  };
  return chat;
};
