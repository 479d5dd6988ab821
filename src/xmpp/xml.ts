/** Elements, built and read: readers take a name and a namespace, always both, as there is no other safe way to read. */
import { parseElement } from './parser.js';
import { Element } from './vendor.js';

/** An XML element as it came or as it will be sent; read it with the functions here. */
export interface XmlElement {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string | undefined>>;
  readonly children: readonly (XmlElement | string)[];
}

export const NS = {
  client: 'jabber:client',
  framing: 'urn:ietf:params:xml:ns:xmpp-framing',
  streams: 'http://etherx.jabber.org/streams',
  streamErrors: 'urn:ietf:params:xml:ns:xmpp-streams',
  stanzaErrors: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  bind: 'urn:ietf:params:xml:ns:xmpp-bind',
  roster: 'jabber:iq:roster',
} as const;

const STANZAS: readonly string[] = ['message', 'presence', 'iq'];
// XML 1.0 §2.2: everything else would make the server close the stream.
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

const escapeWith = (value: string, unsafe: RegExp): string => value.replace(NOT_XML, '\uFFFD').replace(unsafe, character => ESCAPES[character] ?? character);

/** Builds an element; attributes and children that are undefined or empty text are left out. A stanza without a namespace gets `jabber:client`. */
export const xml = (name: string, attrs: Readonly<Record<string, string | undefined>> = {}, ...children: readonly (XmlElement | string | undefined)[]): XmlElement => {
  const element = new Element(name, STANZAS.includes(name) ? { xmlns: NS.client, ...attrs } : attrs);
  element.append(...(children.filter(Boolean) as Element[]));
  return element;
};

/** The namespace an element is in: its own, or the nearest around it. */
const namespaceOf = (element: XmlElement): string | undefined => {
  // What the exported type hides: every element is one of the library's and knows its parent.
  for (let at = element as Element | null; at; at = at.parent) if (Object.hasOwn(at.attrs, 'xmlns')) return at.attrs['xmlns'];
  return undefined;
};

/** The value of an attribute without a namespace. */
export const attr = (element: XmlElement, name: string): string | undefined => (Object.hasOwn(element.attrs, name) ? element.attrs[name] : undefined);

export const is = (element: XmlElement, name: string, ns: string): boolean => element.name === name && namespaceOf(element) === ns;

/** Whether it is a message, a presence or an IQ. */
export const isStanza = (element: XmlElement): boolean => STANZAS.includes(element.name) && namespaceOf(element) === NS.client;

/** All child elements, whatever their names. */
export const elements = (element: XmlElement): readonly XmlElement[] => element.children.filter(node => typeof node !== 'string');

/** The child elements of a name and namespace. */
export const children = (element: XmlElement, name: string, ns: string): readonly XmlElement[] => elements(element).filter(node => is(node, name, ns));

/** The first child element of a name and namespace. */
export const child = (element: XmlElement, name: string, ns: string): XmlElement | undefined => elements(element).find(node => is(node, name, ns));

/** The text directly inside an element. */
export const content = (element: XmlElement): string => element.children.filter(node => typeof node === 'string').join('');

/** The text of the first child element of a name and namespace; undefined if there is no such child. */
export const text = (element: XmlElement, name: string, ns: string): string | undefined => {
  const found = child(element, name, ns);
  return found && content(found);
};

const write = (element: XmlElement, attrs: Readonly<Record<string, string | undefined>>): string => {
  const written = Object.entries(attrs).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeWith(value, /[&<>"\t\n\r]/g)}"`));
  const inner = element.children.map(node => (typeof node === 'string' ? escapeWith(node, /[&<>\r]/g) : write(node, node.attrs)));
  return `<${element.name}${written.join('')}${inner.length > 0 ? `>${inner.join('')}</${element.name}>` : '/>'}`;
};

/** An element as text that stands on its own, also when it was taken out of another. Characters that XML does not know become U+FFFD. */
export const serialize = (element: XmlElement): string => write(element, { xmlns: namespaceOf(element), ...element.attrs });

/** Reads one element from text, under the limits of `parser`; undefined if it is anything else. */
export const parseXml = (source: string): XmlElement | undefined => {
  const parsed = parseElement(source);
  return typeof parsed === 'string' ? undefined : parsed;
};
