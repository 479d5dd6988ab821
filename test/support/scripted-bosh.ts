/** A BOSH connection manager (XEP-0124) in front of the scripted server, behind a fake fetch, with a network between that loses what a test says. */
import { attr, elements, NS, parseXml, serialize, type XmlElement } from '../../src/xmpp/xml.js';
import { track } from './quiet.js';
import { scriptedServer, type ScriptedServer, type ServerScript } from './scripted-server.js';

/** What becomes of one HTTP request: it passes · is lost on the way there, or on the way back · nobody hears of it again, or the server hears it alone · or somebody else answers it. */
export type Passage = 'pass' | 'lost before' | 'lost after' | 'silence' | 'deaf' | Response;

/** One HTTP request as it was made. */
export interface Posted {
  readonly url: string;
  readonly init: RequestInit;
  readonly body: XmlElement;
  readonly rid: number;
  readonly text: string;
  /** Its payloads. */
  readonly payloads: readonly XmlElement[];
}

export interface BoshScript extends ServerScript {
  /** Attributes of the session creation response; undefined: left out. */
  readonly terms?: Readonly<Record<string, string | undefined>>;
  readonly passage?: (posted: Posted, index: number) => Passage;
}

export interface ScriptedBosh {
  readonly fetch: typeof fetch;
  /** The server behind it. */
  readonly server: ScriptedServer;
  /** Everything that was asked for, in order. */
  readonly posted: readonly Posted[];
  /** How many requests nobody has answered or given up. */
  readonly open: number;
  /** Ids of the sessions that there were. */
  readonly sessions: readonly string[];
  passage: (posted: Posted, index: number) => Passage;
  /** What an answer waits for on its way back. */
  delay: (rid: number) => Promise<void> | undefined;
  /** The time that a request may be held is over. */
  waited(): void;
  /** Answers the oldest request that is held with this text, whatever it is, and remembers it as the answer. */
  answer(text: string): void;
  /** The server forgets all sessions. */
  forget(): void;
}

interface Held {
  readonly rid: number;
  answer(text: string): void;
}

const BOSH = 'http://jabber.org/protocol/httpbind';
const xmlResponse = (text: string): Response => new Response(text, { headers: { 'Content-Type': 'text/xml; charset=utf-8' } });
const wrap = (attributes: Readonly<Record<string, string | undefined>>, payloads: string): string =>
  `<body xmlns='${BOSH}' xmlns:stream='${NS.streams}'${Object.entries(attributes).map(([name, value]) => (value === undefined ? '' : ` ${name}='${value}'`)).join('')}>${payloads}</body>`;

export const scriptedBosh = (script: BoshScript = {}): ScriptedBosh => {
  const server = scriptedServer({ accounts: { ana: 'secret' }, sm: false, ...script });
  const posted: Posted[] = [];
  const sessions: string[] = [];
  let open = 0;
  let session: ReturnType<typeof startSession> | undefined;

  const startSession = (creation: Posted) => {
    const sid = `sid-${sessions.length + 1}`;
    sessions.push(sid);
    const socket = new server.WebSocket('ws://localhost/', ['xmpp']);
    const answers = new Map<number, string>();
    const shelved = new Map<number, { readonly request: Posted; readonly held: Held }>();
    let held: Held[] = [];
    let buffer = '';
    let creating = true;
    let last = creation.rid - 1;
    let over = false;
    const restart = (): void => socket.send(`<open xmlns='${NS.framing}' to='example.org' version='1.0'/>`);
    const give = (attributes: Readonly<Record<string, string | undefined>> = {}): void => {
      const [oldest, ...rest] = held;
      if (!oldest) return;
      held = rest;
      const terms = creating ? { sid, wait: '50', requests: '2', hold: '1', inactivity: '60', polling: '5', ver: '1.6', from: 'example.org', ...script.terms } : { sid };
      const text = wrap({ ...terms, ...attributes }, buffer);
      creating = false;
      buffer = '';
      say(oldest, text);
    };
    const say = (to: Held, text: string): void => {
      answers.delete(to.rid);
      answers.set(to.rid, text);
      while (answers.size > 2) answers.delete([...answers.keys()][0] ?? 0);
      to.answer(text);
    };
    const end = (attributes: Readonly<Record<string, string | undefined>> = {}): void => {
      if (over) return;
      over = true;
      session = undefined;
      if (held.length === 0) return;
      while (held.length > 0) give({ type: 'terminate', ...attributes });
    };
    const process = (request: Posted, mine: Held): void => {
      last = request.rid;
      held.push(mine);
      if (attr(request.body, 'xmpp:restart') === 'true') restart();
      for (const payload of request.payloads) socket.send(serialize(payload));
      if (attr(request.body, 'type') === 'terminate') {
        socket.send(`<close xmlns='${NS.framing}'/>`);
        void track(new Promise<void>(resolve => setTimeout(() => resolve(end()), 5)));
      } else if (held.length > 1 || buffer !== '') give();
      const next = shelved.get(last + 1);
      if (!next) return;
      shelved.delete(last + 1);
      process(next.request, next.held);
    };
    socket.addEventListener('open', restart);
    socket.addEventListener('message', ({ data }: MessageEvent) => {
      const frame = String(data);
      const root = parseXml(frame);
      if (root && attr(root, 'xmlns') === NS.framing) {
        if (root.name === 'close') end();
        return;
      }
      buffer += frame;
      if (root?.name === 'error') end({ condition: 'remote-stream-error' });
      else give();
    });
    socket.addEventListener('close', () => end());
    return {
      sid,
      take: (request: Posted, mine: Held): void => {
        if (request.rid === last + 1) return process(request, mine);
        if (request.rid === last + 2) return void shelved.set(request.rid, { request, held: mine });
        const before = answers.get(request.rid);
        if (before !== undefined) {
          // What is asked for again is remembered for longer, at the cost of the others: so does Prosody.
          answers.delete(request.rid);
          answers.set(request.rid, before);
          return mine.answer(before);
        }
        if (request.rid !== last) return mine.answer(`<body xmlns='${BOSH}' type='terminate' condition='item-not-found'/>`);
        held.push(mine);
        if (held.length > 1) give();
        return undefined;
      },
      waited: () => give(),
      answer: (text: string) => {
        const [oldest, ...rest] = held;
        held = rest;
        if (oldest) say(oldest, text);
      },
      forgotten: () => {
        over = true;
        for (const each of held) each.answer(`<body xmlns='${BOSH}' type='terminate' condition='item-not-found'/>`);
        held = [];
      },
    };
  };

  const take = (request: Posted, answer: (text: string) => void): void => {
    const sid = attr(request.body, 'sid');
    if (sid === undefined) session = startSession(request);
    if (!session || (sid !== undefined && sid !== session.sid)) answer(`<body xmlns='${BOSH}' type='terminate' condition='item-not-found'/>`);
    else session.take(request, { rid: request.rid, answer });
  };

  const fakeFetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const text = typeof init.body === 'string' ? init.body : '';
    const body = parseXml(text);
    if (!body) throw new Error(`The client sent something that is no XML: ${text}`);
    const request: Posted = { url, init, body, text, rid: Number(attr(body, 'rid')), payloads: elements(body) };
    const passage = bosh.passage(request, posted.push(request) - 1);
    open++;
    return new Promise<Response>((resolve, reject) => {
      let done = false;
      const settle = (run: () => void): void => {
        if (done) return;
        done = true;
        open--;
        run();
      };
      const lose = (): void => settle(() => reject(new TypeError('Failed to fetch')));
      const later = (run: () => void): void => void track(new Promise<void>(next => setTimeout(() => next(run()))));
      if (init.signal?.aborted) lose();
      init.signal?.addEventListener('abort', () => settle(() => reject(new DOMException('The user aborted a request.', 'AbortError'))));
      if (passage === 'silence') return;
      if (passage === 'lost before') return later(lose);
      if (passage instanceof Response) return later(() => settle(() => resolve(passage)));
      return later(() => {
        take(request, answer => {
          if (passage === 'lost after' || passage === 'deaf') return;
          const arrive = (): void => later(() => settle(() => resolve(xmlResponse(answer))));
          const way = bosh.delay(request.rid);
          if (way) void way.then(arrive);
          else arrive();
        });
        if (passage === 'lost after') later(lose);
      });
    });
  };

  const bosh: ScriptedBosh = {
    fetch: fakeFetch as typeof fetch,
    server,
    posted,
    get open() {
      return open;
    },
    sessions,
    passage: script.passage ?? (() => 'pass'),
    delay: () => undefined,
    waited: () => session?.waited(),
    answer: text => session?.answer(text),
    forget: () => {
      session?.forgotten();
      session = undefined;
    },
  };
  return bosh;
};
