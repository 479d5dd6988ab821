/** The <body/> of XEP-0124 in which stanzas travel: built from text that is finished, read strictly, and no worse for what servers get wrong. */
import { parseElement } from '../parser.js';
import { Element } from '../vendor.js';
import { attr, is, NS, serialize, xml, type XmlElement } from '../xml.js';
import { ping } from '../xep/0199-ping.js';

export const BOSH_NS = 'http://jabber.org/protocol/httpbind';
export const XBOSH_NS = 'urn:xmpp:xbosh';

export type Attributes = Readonly<Record<string, string | undefined>>;

/** What an answer holds: the wrapper's own attributes, and elements that stand on their own. */
export interface Body {
  readonly wrapper: XmlElement;
  readonly elements: readonly XmlElement[];
}

/** What the server said when the session was made (XEP-0124 §7.2): seconds and counts; 0: not told. */
export interface Terms {
  readonly sid: string;
  readonly wait: number;
  readonly inactivity: number;
  readonly polling: number;
  readonly requests: number;
  readonly pauses?: boolean;
}

/** A wrapper around payloads that are text already. */
export const buildBody = (attrs: Attributes, payloads: readonly string[] = []): string => {
  const empty = serialize(xml('body', { xmlns: BOSH_NS, ...attrs }));
  return payloads.length === 0 ? empty : `${empty.slice(0, -2)}>${payloads.join('')}</body>`;
};

/** Asks the server for a word as soon as it has what stands before it: the answer to the request itself may be a minute away. */
export const marker = (rid: number): string => serialize(xml('iq', { ...ping().attrs, id: `bosh-${rid}` }, ...ping().children));
/** The same request with a marker. */
export const withMarker = (body: string, rid: number): string => (isMarked(body, rid) ? body : body.replace(/\/>$|<\/body>$/, end => `${end === '/>' ? '>' : ''}${marker(rid)}</body>`));
/** Whether a request of this id has one. */
export const isMarked = (body: string, rid: number): boolean => body.includes(` id="bosh-${rid}"`);

/** The id of the request whose marker this element answers. */
export const answeredMarker = (element: XmlElement): number | undefined => {
  if (!is(element, 'iq', NS.client) || !/^(?:result|error)$/.test(attr(element, 'type') ?? '')) return undefined;
  const rid = /^bosh-(\d{1,16})$/.exec(attr(element, 'id') ?? '')?.[1];
  return rid === undefined ? undefined : Number(rid);
};

const WHITE = /^[ \t\r\n]*$/;
const STANZA = /^<(message|presence|iq)[\s/>]/;

/** A payload out of its wrapper. Stanzas without a namespace of their own are what they look like (XEP-0206 §2). */
const standAlone = (payload: Element): Element => {
  const own = payload.attrs['xmlns'];
  if (!own || own === BOSH_NS) payload.attrs['xmlns'] = STANZA.test(`<${payload.name}>`) ? NS.client : BOSH_NS;
  payload.parent = null;
  return payload;
};

const take = (wrapper: Element): Body | undefined => {
  if (!is(wrapper, 'body', BOSH_NS)) return undefined;
  const elements: XmlElement[] = [];
  for (const node of wrapper.children) {
    if (typeof node !== 'string') elements.push(standAlone(node));
    else if (!WHITE.test(node)) return undefined;
  }
  return { wrapper, elements };
};

const TAG = /<(\/?)(?:"[^"]*"|'[^']*'|[^>"'/]|\/(?!>))*(\/?)>/y;

/** An answer that is beyond the limits as a whole, payload by payload: one that is beyond them by itself came as an error of its kind without content, as over a WebSocket. */
const takePieces = (source: string): Body | undefined => {
  const elements: XmlElement[] = [];
  let wrapper: XmlElement | undefined;
  let first = '';
  let start = 0;
  let depth = 0;
  const tag = new RegExp(TAG);
  for (let at = source.indexOf('<'); at >= 0; at = source.indexOf('<', tag.lastIndex)) {
    tag.lastIndex = at;
    const [text, ends, closed] = tag.exec(source) ?? [];
    if (text === undefined) return undefined;
    if (depth === 0) first = text;
    if (depth === 1 && !ends) start = at;
    depth += ends ? -1 : closed ? 0 : 1;
    if (depth !== 1 || (!ends && !closed)) continue;
    const piece = source.slice(start, tag.lastIndex);
    const parsed = parseElement(`${first}${piece}</body>`);
    const name = STANZA.exec(piece)?.[1];
    const body = typeof parsed === 'string' ? undefined : take(parsed);
    if (body) {
      wrapper ??= body.wrapper;
      elements.push(...body.elements);
    } else if (parsed === 'policy-violation' && name) elements.push(new Element(name, { xmlns: NS.client, type: 'error' }));
    else return undefined;
  }
  const alone = parseElement(`${first}</body>`);
  wrapper ??= typeof alone === 'string' ? undefined : alone;
  return wrapper && { wrapper, elements };
};

/** ejabberd writes the same attribute of a wrapper twice where a stream error and the end of its stream come together. */
const withoutTwins = (source: string): string =>
  source.replace(/^\s*<body(?:\s+[\w:]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))+/, start => {
    const [name = '', ...written] = start.trim().match(/^<body|[\w:]+\s*=\s*(?:"[^"]*"|'[^']*')/g) ?? [];
    return [name, ...new Set(written)].join(' ');
  });

/** Reads an answer; undefined if it is anything but one well-formed wrapper. */
export const readBody = (source: string): Body | undefined => {
  let parsed = parseElement(source);
  if (parsed === 'not-well-formed') parsed = parseElement(withoutTwins(source));
  if (parsed === 'policy-violation') return takePieces(source);
  return typeof parsed === 'string' ? undefined : take(parsed);
};

/**
 * ejabberd answers a repeated request with that request itself, attributes and payloads, when it has nothing else to say. That is an empty answer;
 * what we once wrote never comes back to us as if others had.
 */
export const withoutEcho = (body: Body, request: string): Body => {
  if (attr(body.wrapper, 'rid') === undefined) return body;
  const written = readBody(request)?.elements ?? [];
  const same = written.length === body.elements.length && written.every((element, index) => serialize(element) === serialize(body.elements[index] ?? element));
  return same ? { wrapper: body.wrapper, elements: [] } : body;
};

const count = (wrapper: XmlElement, name: string, most: number, otherwise: number): number => {
  const written = attr(wrapper, name) ?? '';
  return /^\d{1,9}$/.test(written) ? Math.min(most, Number(written)) : otherwise;
};

/** What a session creation response says; undefined without a session id. `wait` is what was asked for, in seconds; two requests at a time are as many as we make. */
export const readTerms = ({ wrapper }: Body, wait: number): Terms | undefined => {
  const sid = attr(wrapper, 'sid');
  if (!sid) return undefined;
  const told = (name: string): number => count(wrapper, name, Infinity, 0);
  return { sid, wait: count(wrapper, 'wait', wait, wait), inactivity: told('inactivity'), polling: told('polling'), requests: Math.max(1, count(wrapper, 'requests', 2, 2)), pauses: told('maxpause') > 0 };
};

/** An answer that brings nothing. */
export const emptyBody = (): Body => ({ wrapper: xml('body', { xmlns: BOSH_NS }), elements: [] });

/** Whether an answer brings nothing. */
export const isEmpty = ({ wrapper, elements }: Body): boolean => elements.length === 0 && attr(wrapper, 'type') === undefined;

