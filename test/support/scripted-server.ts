/** A server that does what a test says, behind a fake WebSocket: by default it lets people in and answers what every server answers. */
import { attr, child, content, is, NS, parseXml, serialize, xml, type XmlElement } from '../../src/xmpp/xml.js';
import { track } from './quiet.js';
import { scramServer, type ScramFaults } from './scripted-scram.js';

export interface ServerScript {
  readonly domain?: string;
  /** Local part → password. */
  readonly accounts?: Readonly<Record<string, string>>;
  readonly mechanisms?: readonly string[];
  /** Whether it offers stream management (default: yes). */
  readonly sm?: boolean;
  readonly scram?: ScramFaults;
  /** Features of the server and of accounts. */
  readonly features?: readonly string[];
  /** Items of the roster, as XML. */
  readonly roster?: string;
  /** What is offered besides, as XML: before the login (`user` is undefined) and after it. */
  readonly offers?: (user: string | undefined) => string;
  /** Hears of every frame that the server sends. */
  readonly pushed?: (frame: string) => void;
  /** Asked before anything else; true: it has dealt with the element itself. */
  readonly intercept?: (element: XmlElement, server: ScriptedServer) => boolean | void;
}

/** What the network does with a new connection. */
export type Reachability = 'open' | 'refused' | 'hanging';

export interface ScriptedServer {
  /** To be given to a session. */
  readonly WebSocket: typeof WebSocket;
  /** Everything that clients sent, of all connections, in order. */
  readonly received: readonly XmlElement[];
  /** The stanzas among it. */
  readonly sent: readonly XmlElement[];
  /** Addresses that were connected to, one for each attempt. */
  readonly attempts: readonly string[];
  /** How many sockets are not closed. */
  readonly open: number;
  /** Local part and resource that the last login got. */
  readonly jid: string;
  /** Changes what happens from now on. */
  script: ServerScript;
  reachability: Reachability;
  /** While true nothing is answered, and nothing closed. */
  silent: boolean;
  /** Somebody has logged in by other means than the script knows; `counts`: stream management is enabled with it. */
  enter(name: string, counts?: boolean): void;
  /** What is offered now. */
  readonly offer: string;
  /** Sends a frame as it is. */
  push(frame: string): void;
  /** The connection breaks without a word; `clean`: the WebSocket is closed in order, the stream is not. */
  drop(clean?: boolean): void;
  /** The next element that fits and was not asked for before; waits for it. */
  next(fits: string | ((element: XmlElement) => boolean)): Promise<XmlElement>;
}

const SM = 'urn:xmpp:sm:3';
const STREAM = "xmlns:stream='http://etherx.jabber.org/streams'";
const toText = (element: XmlElement): string => new TextDecoder().decode(Uint8Array.from(atob(content(element).replace(/^=$/, '')), c => c.charCodeAt(0)));
const toBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
/** Two channels are not bound to each other's order, so what comes first runs first, whichever channel calls. */
const tasks: (() => void)[] = [];
const nextTask = (run: () => void): void => {
  tasks.push(run);
  const { port1, port2 } = new MessageChannel();
  const task = new Promise<void>(resolve => {
    port1.onmessage = () => {
      port1.close();
      tasks.shift()?.();
      resolve();
    };
  });
  void track(task);
  port2.postMessage(0);
};

/** A WebSocket whose other end is `onSend`; messages arrive one by one, each in a task of its own. */
class FakeSocket extends EventTarget {
  readyState = 0;
  readonly protocol = 'xmpp';
  constructor(
    readonly url: string,
    private readonly onSend: (socket: FakeSocket, data: string) => void,
  ) {
    super();
  }
  send(data: string): void {
    if (this.readyState === 0) throw new DOMException('not open yet', 'InvalidStateError');
    if (this.readyState === 1) nextTask(() => this.onSend(this, data));
  }
  deliver(data: unknown): void {
    nextTask(() => this.readyState === 1 && this.dispatchEvent(new MessageEvent('message', { data })));
  }
  opened(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  close(): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    nextTask(() => this.gone(true));
  }
  gone(clean: boolean): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    if (!clean) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new CloseEvent('close', { wasClean: clean, code: clean ? 1000 : 1006 }));
  }
}

/** What one connection is at. */
interface Login {
  readonly mechanism: string;
  readonly scram?: ReturnType<typeof scramServer>;
  answered: boolean;
}

export const scriptedServer = (script: ServerScript = {}): ScriptedServer => {
  const received: XmlElement[] = [];
  const attempts: string[] = [];
  const sockets = new Set<FakeSocket>();
  const waiting: { readonly fits: (element: XmlElement) => boolean; readonly resolve: (element: XmlElement) => void }[] = [];
  const taken = new Set<XmlElement>();
  let current: FakeSocket | undefined;
  let login: Login | undefined;
  let user: string | undefined;
  let handled = 0;
  let counting = false;
  let visitors = 0;

  const domain = (): string => server.script.domain ?? 'example.org';
  const offer = (): string => {
    const { mechanisms = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'PLAIN'], sm = true } = server.script;
    const inside = user === undefined
      ? `<mechanisms xmlns='${NS.sasl}'>${mechanisms.map(name => `<mechanism>${name}</mechanism>`).join('')}</mechanisms>`
      : `<bind xmlns='${NS.bind}'/>${sm ? `<sm xmlns='${SM}'/>` : ''}`;
    return `<stream:features ${STREAM}>${inside}${server.script.offers?.(user) ?? ''}</stream:features>`;
  };

  const succeed = (name: string, last?: string): void => {
    user = name;
    server.push(`<success xmlns='${NS.sasl}'>${last === undefined ? '' : toBase64(last)}</success>`);
  };
  const refuse = (): void => server.push(`<failure xmlns='${NS.sasl}'><not-authorized/></failure>`);

  const authenticate = async (element: XmlElement): Promise<void> => {
    const { accounts = {}, scram: faults = {} } = server.script;
    if (element.name === 'auth') {
      const mechanism = attr(element, 'mechanism') ?? '';
      login = { mechanism, answered: false };
      if (mechanism === 'ANONYMOUS') return succeed(`visitor-${++visitors}`);
      if (mechanism === 'PLAIN') {
        const [, name = '', password = ''] = toText(element).split('\0');
        return accounts[name] === password ? succeed(name) : refuse();
      }
      const scram = scramServer(mechanism.replace('SCRAM-', ''), accounts, faults);
      login = { mechanism, scram, answered: false };
      return server.push(`<challenge xmlns='${NS.sasl}'>${toBase64(scram.firstMessage(toText(element)))}</challenge>`);
    }
    const name = /n=([^,]*)/.exec(received.filter(({ name: its }) => its === 'auth').map(toText).at(-1) ?? '')?.[1] ?? '';
    const last = await login?.scram?.lastMessage(toText(element));
    if (last === undefined) return refuse();
    return succeed(name, faults.last ? faults.last(last) : last);
  };

  const result = (iq: XmlElement, payload = ''): void => {
    const to = attr(iq, 'to');
    server.push(`<iq xmlns='jabber:client' type='result' id='${attr(iq, 'id')}'${to === undefined ? '' : ` from='${to}'`}>${payload}</iq>`);
  };

  const answerIq = (iq: XmlElement): void => {
    const type = attr(iq, 'type');
    if (type !== 'get' && type !== 'set') return;
    const info = child(iq, 'query', 'http://jabber.org/protocol/disco#info');
    if (child(iq, 'bind', NS.bind)) result(iq, `<bind xmlns='${NS.bind}'><jid>${server.jid}</jid></bind>`);
    else if (info) result(iq, serialize(xml('query', { xmlns: 'http://jabber.org/protocol/disco#info' }, ...(server.script.features ?? []).map(feature => xml('feature', { var: feature })))));
    else if (child(iq, 'query', NS.roster)) result(iq, `<query xmlns='${NS.roster}'>${server.script.roster ?? ''}</query>`);
    else if (child(iq, 'ping', 'urn:xmpp:ping') || child(iq, 'enable', 'urn:xmpp:carbons:2')) result(iq);
    else {
      const to = attr(iq, 'to');
      server.push(`<iq xmlns='jabber:client' type='error' id='${attr(iq, 'id')}'${to === undefined ? '' : ` from='${to}'`}><error type='cancel'><service-unavailable xmlns='${NS.stanzaErrors}'/></error></iq>`);
    }
  };

  const answer = (element: XmlElement): void => {
    if (is(element, 'open', NS.framing)) {
      server.push(`<open xmlns='${NS.framing}' from='${domain()}' id='s' version='1.0'/>`);
      server.push(offer());
    } else if (is(element, 'close', NS.framing)) {
      server.push(`<close xmlns='${NS.framing}'/>`);
      const closing = current;
      nextTask(() => closing?.gone(true));
    } else if (is(element, 'auth', NS.sasl) || is(element, 'response', NS.sasl)) void authenticate(element);
    else if (is(element, 'enable', SM)) {
      handled = 0;
      counting = true;
      server.push(`<enabled xmlns='${SM}'/>`);
    } else if (is(element, 'r', SM)) server.push(`<a xmlns='${SM}' h='${handled}'/>`);
    else if (element.name === 'iq') answerIq(element);
  };

  const take = (socket: FakeSocket, data: string): void => {
    const element = parseXml(data);
    if (!element) throw new Error(`The client sent something that is no XML: ${data}`);
    received.push(element);
    if (counting && ['message', 'presence', 'iq'].includes(element.name)) handled++;
    const index = waiting.findIndex(({ fits }) => fits(element));
    if (index >= 0) {
      taken.add(element);
      waiting.splice(index, 1)[0]?.resolve(element);
    }
    if (server.silent || socket !== current) return;
    if (server.script.intercept?.(element, server) !== true) answer(element);
  };

  const server: ScriptedServer = {
    WebSocket: function (url: string, protocols: string | readonly string[]) {
      attempts.push(url);
      if (![protocols].flat().includes('xmpp')) throw new Error('The subprotocol is missing.');
      const socket = new FakeSocket(url, take);
      sockets.add(socket);
      current = socket;
      user = undefined;
      counting = false;
      const { reachability } = server;
      if (reachability !== 'hanging') nextTask(() => (reachability === 'open' ? socket.opened() : socket.readyState === 0 && socket.gone(false)));
      return socket;
    } as unknown as typeof WebSocket,
    received,
    get sent() {
      return received.filter(({ name }) => ['message', 'presence', 'iq'].includes(name));
    },
    attempts,
    get open() {
      return [...sockets].filter(({ readyState }) => readyState < 2).length;
    },
    get jid() {
      return `${user ?? ''}@${domain()}/r${attempts.length}`;
    },
    script,
    reachability: 'open',
    silent: false,
    enter: (name, counts = false) => {
      user = name;
      counting = counts;
      handled = 0;
    },
    get offer() {
      return offer();
    },
    push: frame => {
      server.script.pushed?.(frame);
      current?.deliver(frame);
    },
    drop: (clean = false) => current?.gone(clean),
    next: fits => {
      const test = typeof fits === 'string' ? (element: XmlElement) => element.name === fits : fits;
      const there = received.find(element => !taken.has(element) && test(element));
      if (there) {
        taken.add(there);
        return Promise.resolve(there);
      }
      return new Promise(resolve => waiting.push({ fits: test, resolve }));
    },
  };
  return server;
};
