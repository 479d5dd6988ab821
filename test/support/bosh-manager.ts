/** One session of a BOSH connection manager (XEP-0124), which keeps and shelves requests as Prosody does, in front of a socket of the scripted server. */
import { attr, NS, parseXml, serialize, type XmlElement } from '../../src/xmpp/xml.js';
import { track } from './quiet.js';

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

/** Who waits for the answer to a request. */
export interface Held {
  readonly rid: number;
  answer(text: string): void;
}

export interface BoshManager {
  readonly sid: string;
  take(request: Posted, mine: Held): void;
  /** The time that a request may be held is over. */
  waited(): void;
  /** Answers the oldest request that is held with this text, and remembers it as the answer. */
  answer(text: string): void;
  /** All that is held is answered as if there had never been a session. */
  forgotten(): void;
}

export interface BoshManagerParts {
  readonly sid: string;
  /** Id of the request that makes the session. */
  readonly first: number;
  readonly terms: Readonly<Record<string, string | undefined>>;
  readonly socket: WebSocket;
  onOver(): void;
}

export const BOSH = 'http://jabber.org/protocol/httpbind';
export const GONE = `<body xmlns='${BOSH}' type='terminate' condition='item-not-found'/>`;
const MADE = { wait: '50', requests: '2', hold: '1', inactivity: '60', polling: '5', ver: '1.6', from: 'example.org' };

type Attributes = Readonly<Record<string, string | undefined>>;

/** What is said once, with the session's terms in the first of all answers. */
export const wrapper = (sid: string, terms: Attributes): ((attributes: Attributes, payloads: string) => string) => {
  let first = true;
  return (attributes, payloads) => {
    const all = { ...(first ? { ...MADE, ...terms } : {}), sid, ...attributes };
    first = false;
    return `<body xmlns='${BOSH}' xmlns:stream='${NS.streams}'${Object.entries(all).map(([name, value]) => (value === undefined ? '' : ` ${name}='${value}'`)).join('')}>${payloads}</body>`;
  };
};

/** Gives to the socket what a request says; `onEnd` when it is the last one. */
export const pass = (socket: WebSocket, request: Posted, onEnd: () => void): void => {
  if (attr(request.body, 'xmpp:restart') === 'true') restart(socket);
  for (const payload of request.payloads) socket.send(serialize(payload));
  if (attr(request.body, 'type') !== 'terminate') return;
  socket.send(`<close xmlns='${NS.framing}'/>`);
  void track(new Promise<void>(resolve => setTimeout(() => resolve(onEnd()), 5)));
};

const restart = (socket: WebSocket): void => socket.send(`<open xmlns='${NS.framing}' to='example.org' version='1.0'/>`);

/** Opens a stream on the socket and tells what comes from it. */
export const listen = (socket: WebSocket, onFrame: (frame: string) => void, onEnd: (attributes?: Attributes) => void): void => {
  socket.addEventListener('open', () => restart(socket));
  socket.addEventListener('message', ({ data }: MessageEvent) => {
    const frame = String(data);
    const root = parseXml(frame);
    if (root && attr(root, 'xmlns') === NS.framing) {
      if (root.name === 'close') onEnd();
      return;
    }
    onFrame(frame);
    if (root?.name === 'error') onEnd({ condition: 'remote-stream-error' });
  });
  socket.addEventListener('close', () => onEnd());
};

export const startManager = ({ sid, first, terms, socket, onOver }: BoshManagerParts): BoshManager => {
  const wrap = wrapper(sid, terms);
  const answers = new Map<number, string>();
  const shelved = new Map<number, { readonly request: Posted; readonly held: Held }>();
  let held: Held[] = [];
  let buffer = '';
  let last = first - 1;
  let over = false;

  const give = (attributes: Attributes = {}): void => {
    const [oldest, ...rest] = held;
    if (!oldest) return;
    held = rest;
    const text = wrap(attributes, buffer);
    buffer = '';
    say(oldest, text);
  };
  const say = (to: Held, text: string): void => {
    answers.delete(to.rid);
    answers.set(to.rid, text);
    while (answers.size > 2) answers.delete([...answers.keys()][0] ?? 0);
    to.answer(text);
  };
  const end = (attributes: Attributes = {}): void => {
    if (over) return;
    over = true;
    onOver();
    while (held.length > 0) give({ type: 'terminate', ...attributes });
  };
  const process = (request: Posted, mine: Held): void => {
    last = request.rid;
    held.push(mine);
    pass(socket, request, end);
    if (attr(request.body, 'type') !== 'terminate' && (held.length > 1 || buffer !== '')) give();
    const next = shelved.get(last + 1);
    if (!next) return;
    shelved.delete(last + 1);
    process(next.request, next.held);
  };
  listen(socket, frame => {
    buffer += frame;
    if (parseXml(frame)?.name !== 'error') give();
  }, end);
  return {
    sid,
    take: (request, mine) => {
      if (request.rid === last + 1) return process(request, mine);
      if (request.rid === last + 2) return void shelved.set(request.rid, { request, held: mine });
      const before = answers.get(request.rid);
      if (before !== undefined) {
        // What is asked for again is remembered for longer, at the cost of the others: so does Prosody.
        answers.delete(request.rid);
        answers.set(request.rid, before);
        return mine.answer(before);
      }
      if (request.rid !== last) return mine.answer(GONE);
      held.push(mine);
      if (held.length > 1) give();
      return undefined;
    },
    waited: () => give(),
    answer: text => {
      const [oldest, ...rest] = held;
      held = rest;
      if (oldest) say(oldest, text);
    },
    forgotten: () => {
      over = true;
      for (const each of held) each.answer(GONE);
      held = [];
    },
  };
};
