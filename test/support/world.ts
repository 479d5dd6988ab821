/** A server, a wire to it, a web site and a browser: all that an end-to-end test stands in, on ports of its own. */
import { connectPeer } from '../../demo/server/peer.mjs';
import { startPages } from '../../demo/server/pages.mjs';
import { startProsody } from '../../demo/server/prosody.mjs';
import { startServer } from '../../demo/server/servers.mjs';
import { startBrowser } from './browsers.js';
import type { Profile, TabOptions } from './driver.js';
import { startProxy } from './proxy.js';
import { makeTab, type Tab } from './tab.js';
import { until } from './until.js';

/** Who has an account in every test world. */
export const people = { support: 'one two three', ana: 'Grüße, 世界 ☺' } as const;
export type Person = keyof typeof people;

type PagesOptions = NonNullable<Parameters<typeof startPages>[0]>;
type ProsodyOptions = NonNullable<Parameters<typeof startProsody>[0]>;
export type Server = Awaited<ReturnType<typeof startServer>>;
export type ServerName = Server['name'];
export type Transport = 'websocket' | 'bosh';
export type Site = Awaited<ReturnType<typeof startPages>>;
export type Peer = Awaited<ReturnType<typeof connectPeer>>;

/** An HTML page around some body. */
export const page = (body: string, head = ''): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;

/** Attributes as HTML: `{ to: 'a@b' }` is `data-to="a@b"` with the prefix `data-`. */
const attributes = (values: Readonly<Record<string, string>>, prefix: string): string => Object.entries(values).map(([name, value]) => `${prefix}${name}="${value}"`).join(' ');

export interface World {
  readonly server: Server;
  /** The wire between the browsers and the server. */
  readonly wire: Awaited<ReturnType<typeof startProxy>>;
  /** Where browsers find the server. */
  readonly service: string;
  readonly site: Site;
  /** The script tag of a visitor's bubble, with other options if given. */
  tag(options?: Readonly<Record<string, string>>): string;
  /** An element with the script that defines it. */
  element(options: Readonly<Record<string, string>>): string;
  /** Serves a text under a path of the site, a page unless the path says otherwise, and gives its address. */
  serve(path: string, text: string, headers?: Readonly<Record<string, string>>): string;
  /** Another site, for pages and files of another origin. */
  anotherSite(options?: PagesOptions): Promise<Site>;
  newProfile(): Promise<{ newTab(options?: TabOptions): Promise<Tab>; close(): Promise<void> }>;
  /** Someone with an account, by a client that is not ours. */
  peer(person: Person, options?: { readonly available?: boolean }): Promise<Peer>;
  /** Texts of the conversation between two addresses, as the archive of one of them has it. */
  archived(judge: Peer, other?: string): Promise<readonly string[]>;
  /** Waits until the archive holds exactly these texts. */
  untilArchived(judge: Peer, texts: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Where a server listens behind a port of this machine. */
export const serviceAt = (port: number, transport: Transport = 'websocket'): string => (transport === 'bosh' ? `http://localhost:${port}/http-bind` : `ws://localhost:${port}/xmpp-websocket`);

export interface WorldOptions {
  /** Prosody if not given. */
  readonly server?: ServerName;
  /** How browsers speak to the server; by WebSocket if not given. */
  readonly transport?: Transport;
  /** Options that Prosody alone understands. */
  readonly prosody?: ProsodyOptions;
  /** Options that both servers understand. */
  readonly options?: Parameters<typeof startServer>[1];
}

/** Builds a world. What it started it stops, in reverse. */
export const startWorld = async (asked: WorldOptions = {}): Promise<World> => {
  const stops: (() => Promise<unknown>)[] = [];
  const started = <T>(thing: T, stop: (thing: T) => Promise<unknown>): T => {
    stops.push(() => stop(thing));
    return thing;
  };
  const accounts = Object.entries(people).map(([user, password]) => ({ user, password }));
  const server = started(await (asked.server === 'ejabberd' ? startServer('ejabberd', { accounts, ...asked.options }) : startProsody({ accounts, ...asked.options, ...asked.prosody })), each => each.stop());
  const wire = started(await startProxy(server.port), each => each.stop());
  const pages: Record<string, string> = {};
  const headers: Record<string, Readonly<Record<string, string>>> = {};
  const site = started(await startPages({ pages, headers }), each => each.stop());
  const browser = started(await startBrowser(), each => each.close());
  const service = serviceAt(wire.port, asked.transport);
  const visitor = { service, domain: server.guestDomain, to: `support@${server.domain}` };
  const archived: World['archived'] = async (judge, other) => (await judge.archive(other ? { with: other } : {})).map(({ body }) => body);
  return {
    server, wire, service, site,
    tag: (more = {}) => `<script async src="/dist/stoa.js" ${attributes({ ...visitor, ...more }, 'data-')}></script>`,
    element: more => `<stoa-chat ${attributes({ ...visitor, ...more }, '')}></stoa-chat><script type="module" src="/dist/index.js"></script>`,
    serve: (path, text, its) => {
      pages[path] = text;
      if (its) headers[path] = its;
      return `${site.url}${path}`;
    },
    anotherSite: async its => started(await startPages(its), each => each.stop()),
    newProfile: async () => {
      const profile: Profile = await browser.newProfile();
      return { newTab: async its => makeTab(await profile.newTab(its)), close: () => profile.close() };
    },
    peer: async (person, { available = true } = {}) => started(await connectPeer({ service: server.ws, domain: server.domain, username: person, password: people[person], available }), each => each.stop()),
    archived,
    untilArchived: async (judge, texts) => {
      let last: readonly string[] = [];
      await until(`an archive of ${texts.join(' | ')}`, async () => (last = await archived(judge)).join('\n') === texts.join('\n'), () => `It holds: ${last.join(' | ')}`);
    },
    stop: async () => {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
};
