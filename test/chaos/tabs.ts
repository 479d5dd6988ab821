/** The tabs of one person in a browser, all with the same chat: opened, loaded anew, crashed and closed, and written in. */
import { probeIn, type Held, type Probe } from '../support/probe.js';
import type { Tab } from '../support/tab.js';
import type { Peer, World } from '../support/world.js';
import { textOf } from './judge.js';
import { pause } from './random.js';

export interface Person {
  /** The page with the chat. */
  readonly url: string;
  /** Who logs in; undefined: a visitor. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** Whom they talk with. */
  readonly to: string;
}

/** How soon something is tried again that cannot be had right now. */
const AGAIN_MS = 200;
const NEW_TAB_TRIES = 10;
/** Longer than any page takes for anything. */
const STUCK_MS = 60_000;
/** How long the driver may take to say that a page is not there any more: of a crashed one it sometimes never does. */
const DEAD_MS = 3_000;

/** Settles with `run`, or rejects when the page that it asks seems to have crashed. */
const alive = <T>(run: Promise<T>): Promise<T> =>
  Promise.race([
    run,
    pause(DEAD_MS).then(() => {
      throw new Error('The page has crashed');
    }),
  ]);

/** What is said before the numbers begin. */
export const GREETING = 'hello';

const TRACE = 'trace ';
const NOTE = 'note ';
/** How a page's complaint begins that it wrote something that nobody can read. */
export const NO_XML = 'written, and no XML: ';

/** Makes a page tell which numbers reach it, and when a server will not go on with a session; must run first. What it says outlives the page. */
export const noteScript = `<script>
const note = (text) => {
  const numbers = [...text.matchAll(/<body[^>]*>peer (\\d+)<\\/body>/g)].map(([, number]) => number);
  if (numbers.length > 0) console.warn('${NOTE}' + Date.now() + ' arrived ' + numbers.join(' '));
  const refused = /<failed [^>]*urn:xmpp:sm:3.*?<\\/failed>/.exec(text)?.[0] ?? (/type=.terminate.|<not-well-formed/.test(text) ? text : '');
  if (refused) console.warn('${NOTE}' + Date.now() + ' refused ' + refused.slice(0, 300));
};
const { WebSocket: Noted, fetch: noted } = window;
window.WebSocket = class extends Noted {
  constructor(...how) {
    super(...how);
    this.addEventListener('message', ({ data }) => note(data));
  }
  send(data) {
    // So that a server that cannot read what it got cannot blame us.
    if (new DOMParser().parseFromString(data, 'text/xml').querySelector('parsererror')) console.error('${NO_XML}' + data);
    super.send(data);
  }
};
window.fetch = async (...how) => {
  if (/^<body(?![^>]* sid=)/.test(how[1]?.body)) console.warn('${NOTE}' + Date.now() + ' made ' + how[0]);
  const answer = await noted(...how);
  if (how[1]?.body !== undefined) answer.clone().text().then(note, () => undefined);
  return answer;
};
</script>`;

/** Makes a page tell every frame and body that it writes and reads; must run first. */
export const traceScript = `<script>
const tell = (arrow, text) => console.warn('${TRACE}' + new Date().toISOString().slice(11, 23) + ' ' + Math.round(performance.timeOrigin % 100000) + ' ' + arrow + ' ' + text);
const { WebSocket: Plain, fetch: plain } = window;
window.WebSocket = class extends Plain {
  constructor(...how) {
    super(...how);
    tell('--', 'opens ' + how[0]);
    this.addEventListener('message', ({ data }) => tell('<-', data));
    this.addEventListener('close', ({ code }) => tell('--', 'closed ' + code));
  }
  send(data) {
    tell('->', data);
    super.send(data);
  }
};
window.fetch = async (where, how) => {
  if (how?.body === undefined) return plain(where, how);
  tell('->', how.body);
  try {
    const answer = await plain(where, how);
    answer.clone().text().then((text) => tell('<-', text), (error) => tell('--', error));
    return answer;
  } catch (error) {
    tell('--', error);
    throw error;
  }
};
addEventListener('online', () => tell('--', 'online'));
</script>`;

interface Open {
  readonly tab: Tab;
  readonly probe: Probe;
  /** How much of what it complained of has been heard. */
  heard: number;
  /** Rejects when it is made to crash. */
  readonly crashed: Promise<never>;
  crash(): void;
}

const openTab = (tab: Tab): Open => {
  let crash = (): void => undefined;
  const crashed = new Promise<never>((_, reject) => {
    crash = () => reject(new Error('The page has crashed'));
  });
  crashed.catch(() => undefined);
  return { tab, probe: probeIn(tab), heard: 0, crashed, crash };
};

export class Tabs {
  /** Numbers that a page said it has stored. */
  readonly stored: number[] = [];
  /** Numbers whose page did not live to say so. */
  readonly perhaps: number[] = [];
  /** What pages wrote and read, if they were asked to tell, in order of the pages' ends. */
  readonly trace: string[] = [];
  /** What pages noted: when, what, and about what. */
  readonly #notes: { readonly at: number; readonly what: string; readonly about: string }[] = [];
  /** What went wrong in pages, each sentence once with how often. */
  readonly complaints = new Map<string, number>();
  #next = 0;
  #stays = false;
  readonly #open: Open[] = [];
  /** One thing at a time: what is written has an order. */
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly person: Person,
    private readonly profile: Awaited<ReturnType<World['newProfile']>>,
  ) {}

  static async open(world: World, person: Person): Promise<Tabs> {
    const tabs = new Tabs(person, await world.newProfile());
    await tabs.openOne();
    return tabs;
  }

  get count(): number {
    return this.#open.length;
  }

  async #exclusive<T>(run: () => Promise<T>): Promise<T> {
    const before = this.#busy;
    const mine = (async () => {
      await before.catch(() => undefined);
      let deadline: ReturnType<typeof setTimeout> | undefined;
      const stuck = new Promise<never>((_, reject) => {
        deadline = setTimeout(() => reject(new Error(`A page did not answer within ${STUCK_MS / 1_000} s, in ${run.toString().slice(0, 80)}`)), STUCK_MS);
      });
      try {
        return await Promise.race([run(), stuck]);
      } finally {
        clearTimeout(deadline);
      }
    })();
    this.#busy = mine.catch(() => undefined);
    return mine;
  }

  /** By hand the first time; whoever asked to stay signed in is in on every later page by that alone. */
  async #signIn({ probe }: Open): Promise<void> {
    const { login } = this.person;
    if (login && !this.#stays) await probe.signIn(login.user, login.password);
    else await probe.untilReady();
    this.#stays = true;
  }

  /** A browser that has just lost a page may refuse another one for a moment. */
  async #newTab(): Promise<Tab> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.profile.newTab();
      } catch (error) {
        if (tries === NEW_TAB_TRIES) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  async #new(): Promise<void> {
    const tab = await this.#newTab();
    const open = openTab(tab);
    this.#open.push(open);
    await tab.open(this.person.url);
    await this.#signIn(open);
  }

  openOne = (): Promise<void> => this.#exclusive(() => this.#new());

  /** One of them; `at` is at least 0 and less than 1. */
  #one(at: number): Open {
    const found = this.#open[Math.floor(at * this.#open.length)];
    if (!found) throw new Error('No tab is open');
    return found;
  }

  async #forget(open: Open): Promise<void> {
    this.#open.splice(this.#open.indexOf(open), 1);
    this.#hear(open);
    await alive(open.tab.close()).catch(() => undefined);
  }

  #hear(open: Open): void {
    const fresh = open.tab.complaints.slice(open.heard);
    open.heard += fresh.length;
    for (const complaint of fresh) {
      const [, at, what, about] = /^note (\d+) (\w+) ([^]*)$/u.exec(complaint) ?? [];
      if (at && what && about) {
        this.#notes.push({ at: Number(at), what, about });
        continue;
      }
      if (complaint.startsWith(TRACE)) {
        this.trace.push(complaint.slice(TRACE.length));
        continue;
      }
      if (/WebSocket connection|ERR_|Failed to load resource/u.test(complaint)) continue;
      this.complaints.set(complaint, (this.complaints.get(complaint) ?? 0) + 1);
    }
  }

  #told(what: string): readonly string[] {
    for (const open of this.#open) this.#hear(open);
    return this.#notes.filter(note => note.what === what).sort((a, b) => a.at - b.at).map(({ about }) => about);
  }

  /** Numbers of the other client as they reached any of the pages. */
  get arrived(): readonly number[] {
    return this.#told('arrived').flatMap(numbers => numbers.split(' ').map(Number));
  }

  /** What the server said when it would not go on with a session; over BOSH it was none if nobody had to make another. */
  get refused(): readonly string[] {
    const refused = this.#told('refused');
    return this.#told('made').length === 1 ? [] : refused;
  }

  closeOne = (at: number): Promise<void> => this.#exclusive(() => this.#forget(this.#one(at)));

  /** Begins to write the next number in a tab; the promise settles when its fate is noted, and never rejects. */
  async #write({ probe, crashed }: Open): Promise<void> {
    const number = this.#next++;
    try {
      await Promise.race([probe.send(this.person.to, textOf('page', number)), crashed]);
      this.stored.push(number);
    } catch (error) {
      // The page went away in the middle; anything else is a fault of the chat.
      if (!/navigat|context|crash|closed|Nobody is signed in/iu.test(String(error))) throw error;
      this.perhaps.push(number);
    }
  }

  /** Writes the next number in a tab. */
  write = (at: number): Promise<void> => this.#exclusive(() => this.#write(this.#one(at)));

  /** Writes and, so many milliseconds later, loads the page anew. */
  reload = (at: number, after: number): Promise<void> =>
    this.#exclusive(async () => {
      const open = this.#one(at);
      const writing = this.#write(open);
      await pause(after);
      await open.tab.reload();
      await writing;
      await this.#signIn(open);
    });

  /** Writes and, so many milliseconds later, kills the page; other tabs that shared its process are opened anew. */
  crash = (at: number, after: number): Promise<void> =>
    this.#exclusive(async () => {
      const open = this.#one(at);
      const writing = this.#write(open);
      await pause(after);
      // The browser's own address for it; it never loads.
      await alive(open.tab.open('chrome://crash')).catch(() => undefined);
      open.crash();
      await writing;
      await this.#forget(open);
      for (const other of [...this.#open]) await alive(other.tab.run(() => true)).catch(() => this.#forget(other));
      await this.#new();
    });

  /** The machine says that its network is there. */
  wake = async (): Promise<void> => {
    for (const { tab } of this.#open) await tab.run(() => dispatchEvent(new Event('online'))).catch(() => undefined);
  };

  /** What the first tab holds of the conversation; empty while it cannot tell. */
  history = (): Promise<readonly Held[]> => this.#exclusive(() => this.#one(0).probe.history(this.person.to));
  /** How many messages wait, whichever tab wrote them. */
  waiting = (): Promise<number> => this.#exclusive(() => this.#one(0).probe.waiting());
  online = (): Promise<boolean> => this.#exclusive(() => this.#one(0).probe.online());
  describe = (): Promise<string> => this.#one(0).tab.describe();
  /** How the connection is doing, as each tab sees it. */
  statuses = async (): Promise<string> => JSON.stringify(await Promise.all(this.#open.map(({ tab }) => alive(tab.run(() => window.probe?.session.status.peek() ?? 'nobody is signed in')).catch(String))));

  async close(): Promise<void> {
    await this.#busy;
    for (const open of this.#open) this.#hear(open);
    await this.profile.close();
  }
}

/** The independent client: it logs in again when its connection broke, and keeps everything that it ever saw. */
export class Other {
  /** Numbers that were handed to a connection that stood. */
  readonly sent: number[] = [];
  /** Numbers that were written into a breaking one. */
  readonly perhaps: number[] = [];
  /** Whether its own connection broke. */
  broken = false;
  readonly #seen: string[] = [];
  readonly #from: string[] = [];
  #peer: Peer | undefined;
  #next = 0;

  constructor(private readonly logIn: () => Promise<Peer>) {}

  async connect(): Promise<Peer> {
    for (;;) {
      try {
        this.#peer ??= await this.logIn();
        await this.#peer.settle();
        return this.#peer;
      } catch {
        // The server is not there, or not yet: that is what is being tested.
        this.#keep();
        await pause(AGAIN_MS);
      }
    }
  }

  #keep(): void {
    const peer = this.#peer;
    if (peer) this.broken = true;
    this.#peer = undefined;
    for (const stanza of peer?.messages ?? []) this.#note(stanza);
    // It is gone already, mostly.
    peer?.stop().catch(() => undefined);
  }

  #note(stanza: Peer['messages'][number]): void {
    const text = stanza.getChildText('body');
    if (text === null || stanza.attrs['type'] === 'error') return;
    this.#seen.push(text);
    this.#from.push(stanza.attrs['from'] ?? '');
  }

  /** Texts of all messages that it ever got, in their order. */
  get seen(): readonly string[] {
    return [...this.#seen, ...(this.#peer?.messages ?? []).filter(stanza => stanza.attrs['type'] !== 'error').flatMap(stanza => stanza.getChildText('body') ?? [])];
  }

  async write(to: string): Promise<void> {
    const number = this.#next++;
    try {
      const peer = this.#peer ?? (await this.connect());
      await peer.say(to, textOf('peer', number));
      this.sent.push(number);
    } catch {
      // The server fell in the middle of it.
      this.perhaps.push(number);
      this.#keep();
      await this.connect();
    }
  }

  greet = async (to: string): Promise<void> => void (await (await this.connect()).say(to, GREETING));

  archive = async (filter: Readonly<Record<string, string>>): Promise<readonly string[]> => (await (await this.connect()).archive(filter)).map(({ body }) => body);

  /** The address from which the first message came. */
  async firstSender(): Promise<string> {
    const peer = await this.connect();
    return this.#from[0] ?? (await peer.message(stanza => stanza.getChildText('body') !== null)).attrs['from'] ?? '';
  }

  close = async (): Promise<void> => void (await this.#peer?.stop());
}
