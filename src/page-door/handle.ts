/** What a page holds in its hands: one object per chat, the same before and after the app is loaded. */
import type { ChatEvents } from '../app/events.js';
import type { Plugin, PluginState } from '../app/plugin.js';

/** Events of a page; each is also a bubbling, composed DOM event on the element: `message:sent` is `stoa-message-sent`. */
export interface PageEvents extends ChatEvents {
  readonly open: undefined;
  readonly close: undefined;
}

/** The verbs; each is safe in any state and twice. */
export interface PageChat {
  /** Opens the panel of a bubble, as a click does. In the other modes the chat is always open. */
  open(): void;
  close(): void;
  toggle(): void;
  readonly isOpen: boolean;
  /** How many messages are surely unread; 0 before the app is loaded. */
  readonly unread: number;
  /** Listens; the returned function is its own undo. A listener that throws is reported by the browser, the others hear. */
  on<K extends keyof PageEvents>(event: K, run: (detail: PageEvents[K]) => void): () => void;
  readonly plugins: {
    /** Adds a plugin; settles when it is active or has failed, which is not before somebody is signed in. */
    add(plugin: Plugin): Promise<PluginState>;
  };
  /** Takes the chat out of the page within 2 s, at any moment. Afterwards the verbs do nothing. */
  destroy(): Promise<void>;
}

/** The element before its definition is there (an attribute is all it knows) and after. */
export type PageElement = HTMLElement & Partial<Pick<PageChat, 'isOpen' | 'unread' | 'plugins' | 'destroy'>>;

export interface HandleParts {
  readonly element: PageElement;
  /** Settles when the element has its definition. */
  readonly ready: Promise<unknown>;
  /** Called after `open` was asked for. */
  wake(): void;
  /** Called by the first `destroy`, after the element is gone from the page. */
  ended(): void;
}

/** The name of an event as a DOM event. */
export const domEvent = (event: keyof PageEvents): string => `stoa-${event.replace(':', '-')}`;

/** A handle of an element. */
export const createHandle = ({ element, ready, wake, ended }: HandleParts): PageChat => {
  const listening = new AbortController();
  const { signal } = listening;
  let ending: Promise<void> | undefined;
  const setOpen = (open: boolean): void => {
    if (ending) return;
    element.toggleAttribute('open', open);
    if (open) wake();
  };
  const isOpen = (): boolean => element.isOpen ?? element.hasAttribute('open');
  return Object.freeze<PageChat>({
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!element.hasAttribute('open')),
    get isOpen() {
      return isOpen();
    },
    get unread() {
      return element.unread ?? 0;
    },
    on: (event, run) => {
      const hear = (heard: Event): void => {
        // A chat inside of this one speaks for itself.
        if (heard.target === element) run((heard as CustomEvent<never>).detail);
      };
      element.addEventListener(domEvent(event), hear, { signal });
      return () => element.removeEventListener(domEvent(event), hear);
    },
    plugins: Object.freeze({
      add: async (plugin: Plugin): Promise<PluginState> => {
        await ready;
        return (!ending && (await element.plugins?.add(plugin))) || { name: 'disposed' };
      },
    }),
    destroy: () => {
      ending ??= (async () => {
        listening.abort();
        element.remove();
        ended();
        await element.destroy?.();
      })();
      return ending;
    },
  });
};
