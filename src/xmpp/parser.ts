/** Reads one frame as one element (RFC 7395 §3.3), strictly and under limits: what is not plain, well-formed XML is refused and never guessed at. */
import { Element } from './vendor.js';

/** Why a frame is refused: conditions of RFC 6120 §4.9.3. */
export type Refusal = 'not-well-formed' | 'bad-namespace-prefix' | 'restricted-xml' | 'policy-violation';

/** Limits of one frame, with room for a roster of 10,000; `length` is in UTF-16 code units. */
export const LIMITS = { length: 4_194_304, depth: 64, attributes: 64, nodes: 100_000 } as const;

const XML_NS = 'http://www.w3.org/XML/1998/namespace';
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

// XML 1.0 §2.2, §2.3 and Namespaces in XML §3, as text for the expressions below.
/* eslint-disable no-misleading-character-class -- each stands for itself here */
const S = '[ \\t\\n]';
const FIRST = 'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const WORD = `[${FIRST}][${FIRST}.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040\\-]*`;
const NAME = `(?:(${WORD}):)?(${WORD})`;
const START = new RegExp(`<${NAME}`, 'uy');
const ATTRIBUTE = new RegExp(`${S}+${NAME}${S}*=${S}*(["'])([^<]*?)\\3`, 'uy');
const START_END = new RegExp(`${S}*(/?)>`, 'uy');
const END = new RegExp(`</((?:${WORD}:)?${WORD})${S}*>`, 'uy');
/* eslint-enable no-misleading-character-class */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal);
  }
}
const refuse = (refusal: Refusal): never => {
  throw new Refused(refusal);
};

const decode = (raw: string): string =>
  raw.replace(/&(?:#x([\da-fA-F]+);|#(\d+);|([^\s;&]+);)?/g, (_all, hex?: string, decimal?: string, entity?: string): string => {
    if (entity !== undefined) return Object.hasOwn(ENTITIES, entity) ? (ENTITIES[entity] ?? '') : refuse('restricted-xml');
    const code = parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
    return character === '' || NOT_XML.test(character) ? refuse('not-well-formed') : character;
  });

/** Text without the white space of XML at its ends. */
export const trim = (source: string): string => source.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

type Scope = Readonly<Record<string, string>>;
interface Open {
  readonly element: Element;
  /** Its name as it was written, which its end must repeat. */
  readonly raw: string;
  readonly scope: Scope;
  readonly ns: string;
}

/** The declarations among the attributes of one element, added to those around it. */
const declare = (around: Scope, written: readonly RegExpExecArray[]): Scope => {
  // By inheritance: a copy of thousands of prefixes for each of thousands of elements would freeze the page.
  const scope = Object.create(around) as Record<string, string>;
  for (const [, prefix, local = '', , raw = ''] of written) {
    const value = decode(raw);
    if (prefix === undefined && local === 'xmlns') scope[''] = value;
    if (prefix !== 'xmlns') continue;
    if (local === 'xmlns' || value === '' || (local === 'xml') !== (value === XML_NS)) refuse('bad-namespace-prefix');
    scope[local] = value;
  }
  return scope;
};

/**
 * An element in normal form: its name without prefix, its namespace in `xmlns` wherever it differs from that around it,
 * and only such prefixes as its own attributes use.
 */
const build = (prefix: string | undefined, local: string, written: readonly RegExpExecArray[], parent: Open | undefined): Open => {
  const declares = written.some(([, before, name]) => before === 'xmlns' || name === 'xmlns');
  const around = parent?.scope ?? Object.assign(Object.create(null) as Record<string, string>, { xml: XML_NS });
  const scope = declares ? declare(around, written) : around;
  const resolve = (name: string): string => scope[name] ?? (name === '' ? '' : refuse('bad-namespace-prefix'));
  const ns = resolve(prefix ?? '');
  const attrs: Record<string, string> = {};
  if (ns !== (parent?.ns ?? '')) attrs['xmlns'] = ns;
  const seen = new Set<string>();
  for (const [, before, name = '', , raw = ''] of written) {
    const expanded = before === undefined || before === 'xmlns' ? `${before ?? ''}:${name}` : `{${resolve(before)}}${name}`;
    if (seen.has(expanded)) refuse('not-well-formed');
    seen.add(expanded);
    if (before === 'xmlns' || (before === undefined && name === 'xmlns')) continue;
    if (before !== undefined && before !== 'xml') attrs[`xmlns:${before}`] = resolve(before);
    attrs[before === undefined ? name : `${before}:${name}`] = decode(raw.replace(/[\t\n]/g, ' '));
  }
  const element = new Element(local, attrs);
  parent?.element.append(element);
  return { element, raw: prefix === undefined ? local : `${prefix}:${local}`, scope, ns };
};

const read = (source: string): Element => {
  if (source.length > LIMITS.length) refuse('policy-violation');
  if (NOT_XML.test(source)) refuse('not-well-formed');
  const frame = trim(source.replace(/\r\n?/g, '\n'));
  const stack: Open[] = [];
  let root: Element | undefined;
  let nodes = 0;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(frame) ?? undefined;
    if (found) at = pattern.lastIndex;
    return found;
  };
  const count = (): void => {
    if (++nodes > LIMITS.nodes) refuse('policy-violation');
  };

  while (at < frame.length) {
    const top = stack.at(-1);
    if (root && !top) refuse('not-well-formed');
    if (frame[at] !== '<') {
      const next = frame.indexOf('<', at);
      const raw = frame.slice(at, next < 0 ? undefined : next);
      if (!top || next < 0 || raw.includes(']]>')) return refuse('not-well-formed');
      count();
      top.element.append(decode(raw));
      at = next;
      continue;
    }
    // Comments, DTDs, CDATA and instructions (RFC 6120 §11.1); CDATA is lawful, but nobody who speaks to us sends it.
    if (frame[at + 1] === '!' || frame[at + 1] === '?') refuse('restricted-xml');
    const ends = take(END);
    if (ends) {
      if (stack.pop()?.raw !== ends[1]) refuse('not-well-formed');
      continue;
    }
    const [, prefix, local = ''] = take(START) ?? refuse('not-well-formed');
    const written: RegExpExecArray[] = [];
    for (let found = take(ATTRIBUTE); found; found = take(ATTRIBUTE)) {
      if (written.push(found) > LIMITS.attributes) refuse('policy-violation');
    }
    const closing = take(START_END) ?? refuse('not-well-formed');
    count();
    if (stack.length >= LIMITS.depth) refuse('policy-violation');
    const open = build(prefix, local, written, top);
    root ??= open.element;
    if (closing[1] === '') stack.push(open);
  }
  return root && stack.length === 0 ? root : refuse('not-well-formed');
};

/** Reads exactly one element; or says why it is refused. */
export const parseElement = (source: string): Element | Refusal => {
  try {
    return read(source);
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
};
