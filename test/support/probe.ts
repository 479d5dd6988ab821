/** A look behind the screen of a real page: a plugin, through the published door alone, that tells a test what the chat holds and writes in it. */
import type { PluginContext } from '../../src/api.js';
import type { SharedSession } from '../../src/tabs/contract.js';
import type { Tab } from './tab.js';

declare global {
  interface Window {
    /** There while somebody is signed in. */
    probe?: PluginContext;
  }
}

/** A script for a page with one `<stoa-chat>`: puts the plugin into it, from the very start. */
export const probeScript = `<script type="module">
await customElements.whenDefined('stoa-chat');
const element = document.querySelector('stoa-chat');
element.plugins.add({
  id: 'probe',
  setup(ctx) {
    window.probe = ctx;
    ctx.own(() => { if (window.probe === ctx) window.probe = undefined; });
  },
}).catch((error) => console.error('The probe failed: ' + error));
</script>`;

/** A message as a page has it. */
export interface Held {
  readonly text: string;
  readonly mine: boolean;
  /** How far an own message got; empty for others'. */
  readonly state: string;
}

/** Reads a whole conversation, oldest first. Runs in the page. */
const readAll = async (address: string): Promise<Held[] | undefined> => {
  const timeline = window.probe?.model.conversation(address)?.timeline;
  if (!timeline) return undefined;
  const close = timeline.open();
  try {
    while (!timeline.ready.peek()) await new Promise(resolve => setTimeout(resolve, 5));
    await timeline.toEnd();
    const known = new Set<string>();
    /** The newest page first. */
    const pages: (readonly Held[])[] = [];
    for (;;) {
      const fresh = timeline.messages.peek().filter(({ id }) => !known.has(id));
      for (const { id } of fresh) known.add(id);
      pages.push(fresh.map(({ body, mine, state }) => ({ text: body ?? '', mine, state: state ?? '' })));
      if (timeline.atStart.peek()) return pages.reverse().flat();
      await timeline.older();
    }
  } finally {
    close();
  }
};

/** How many messages are stored and were never handed to a stream. Asks the database itself, as that disturbs nobody. Runs in the page. */
const countWaiting = async (): Promise<number> => {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The database does not answer'));
    });
  let count = 0;
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await answer(indexedDB.open(name));
    try {
      if (!db.objectStoreNames.contains('outbox')) continue;
      const entries = (await answer(db.transaction('outbox').objectStore('outbox').getAll())) as readonly { readonly attempted: boolean; readonly parked?: boolean }[];
      count += entries.filter(({ attempted, parked = false }) => !attempted && !parked).length;
    } finally {
      db.close();
    }
  }
  return count;
};

export interface Probe {
  /** Whether somebody is signed in; not yet while the page loads. */
  ready(): Promise<boolean>;
  untilReady(): Promise<void>;
  /** Signs in by the login form if one is shown, and asks to stay signed in; settles when somebody is signed in. */
  signIn(user: string, password: string): Promise<void>;
  /** Whether the session is online. */
  online(): Promise<boolean>;
  untilOnline(): Promise<void>;
  /** Stores a message for sending; settles when it is stored. */
  send(to: string, text: string): Promise<void>;
  /** How many messages wait to be handed to a stream. */
  waiting(): Promise<number>;
  /** A whole conversation, oldest first: as it goes through the page's own timeline, the page has to do with it. */
  history(address: string): Promise<readonly Held[]>;
  /** The roster's addresses; undefined until it came. */
  roster(): Promise<readonly string[] | undefined>;
  /** The full address that the server gave to the session; another session has another. Empty while there is none. */
  address(): Promise<string>;
}

/** Fills the login form that is on the screen, if one is, with the wish to stay signed in where that is offered; says whether somebody is signed in. Runs in the page. */
const fillLogin = (user: string, password: string): boolean => {
  const form = document.querySelector('stoa-chat')?.shadowRoot?.querySelector<HTMLFormElement>('form.login');
  // Plugins begin before the server has let anybody in; the form goes when what is kept of the login is stored.
  if (!form && (window.probe?.session as Partial<SharedSession> | undefined)?.proven?.peek()) return true;
  const field = (name: string): HTMLInputElement | null | undefined => form?.querySelector<HTMLInputElement>(`input[autocomplete~=${name}]`);
  const [username, secret] = [field('username'), field('current-password')];
  if (!form || !username || !secret || form.querySelector('button[type=submit]')?.getAttribute('aria-disabled') === 'true') return false;
  username.value = user;
  secret.value = password;
  for (const stay of form.querySelectorAll<HTMLInputElement>('input[type=checkbox]')) if (!stay.checked) stay.click();
  form.requestSubmit();
  return false;
};

export const probeIn = (tab: Tab): Probe => ({
  ready: () => tab.run(() => window.probe !== undefined),
  signIn: async (user, password) => void (await tab.until('somebody to be signed in', fillLogin, user, password)),
  untilReady: async () => void (await tab.until('somebody to be signed in', () => window.probe !== undefined)),
  online: () => tab.run(() => window.probe?.session.online.peek() ?? false),
  untilOnline: async () => void (await tab.until('the session to be online', () => window.probe?.session.online.peek())),
  send: (to, text) =>
    tab.run(
      async (address: string, body: string) => {
        const conversation = window.probe?.model.conversation(address);
        if (!conversation) throw new Error('Nobody is signed in');
        await conversation.send(body);
      },
      to,
      text,
    ),
  waiting: () => tab.run(countWaiting),
  history: async address => (await tab.run(readAll, address)) ?? [],
  roster: () => tab.run(() => window.probe?.model.contacts.peek()?.map(({ address }) => address)),
  address: () => tab.run(() => window.probe?.session.jid ?? ''),
});
