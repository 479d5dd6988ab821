/** XEP-0156 Discovering Alternative XMPP Connection Methods: the links of a host-meta, of which only the safe ones are taken. */
import { endpointAt, isLoopback, type Endpoint } from '../endpoint.js';
import { attr, children, is, parseXml } from '../xml.js';

const XRD_NS = 'http://docs.oasis-open.org/ns/xri/xrd-1.0';
const WEBSOCKET = 'urn:xmpp:alt-connections:websocket';
const BOSH = 'urn:xmpp:alt-connections:xbosh';

/** Of each transport: nobody is to be sent around the world by a list. */
const MOST = 4;

interface Link {
  readonly rel: unknown;
  readonly href: unknown;
}

/** Links of a JRD (RFC 6415 appendix A). */
const jsonLinks = (source: string): readonly Link[] => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    // Whatever parsers make of it: not all call what is nested too deep a wrong syntax.
    if (error instanceof Error) return [];
    throw error;
  }
  const links = (parsed as { readonly links?: unknown } | null)?.links;
  return Array.isArray(links) ? links.filter((link): link is Link => typeof link === 'object' && link !== null) : [];
};

/** Comments, instructions and CDATA, lawful here and none of our parser's business; what does not end goes to the end. */
const ASIDE = /<!--[^]*?(?:-->|$)|<\?[^]*?(?:\?>|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)/g;

/** Links of an XRD (RFC 6415 §3). */
const xmlLinks = (source: string): readonly Link[] => {
  const root = parseXml(source.replace(ASIDE, ''));
  return root && is(root, 'XRD', XRD_NS) ? children(root, 'Link', XRD_NS).map(link => ({ rel: attr(link, 'rel'), href: attr(link, 'href') })) : [];
};

/** The safe addresses of a transport: over TLS, or on this machine for a domain that is this machine, and without a login in them. */
const addresses = (links: readonly Link[], rel: string, secure: string, plain: string, local: boolean): readonly Endpoint[] => {
  const found = links.flatMap(link => {
    if (link.rel !== rel || typeof link.href !== 'string' || !URL.canParse(link.href)) return [];
    const url = new URL(link.href);
    const here = isLoopback(url.hostname);
    // What is elsewhere may not make our reader knock at doors of their own machine.
    const safe = local ? url.protocol === secure || (here && url.protocol === plain) : url.protocol === secure && !here;
    return safe && !url.username && !url.password && !url.hash ? [url.href] : [];
  });
  return [...new Set(found)].slice(0, MOST).map(endpointAt);
};

/** The endpoints that a host-meta names, WebSockets first; none if it is malformed. `local`: it is the host-meta of this very machine. */
export const readHostMeta = (source: string, form: 'json' | 'xml', local: boolean): readonly Endpoint[] => {
  const links = form === 'json' ? jsonLinks(source) : xmlLinks(source);
  return [...addresses(links, WEBSOCKET, 'wss:', 'ws:', local), ...addresses(links, BOSH, 'https:', 'http:', local)];
};
