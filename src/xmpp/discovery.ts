/** Finds where a domain's server listens for web clients (XEP-0156): what its host-meta says, of which nothing is believed that is not safe. Loaded by pages that are not told. */
import type { Environment } from '../base/environment.js';
import { endpointAt, isLoopback, type Endpoint } from './endpoint.js';
import { attr, children, is, parseXml } from './xml.js';

const XRD_NS = 'http://docs.oasis-open.org/ns/xri/xrd-1.0';
const WEBSOCKET = 'urn:xmpp:alt-connections:websocket';
const BOSH = 'urn:xmpp:alt-connections:xbosh';

const ANSWER_MS = 5_000;
/** Of a document, in UTF-16 code units. */
const LONGEST = 65_536;
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
    const safe = url.protocol === secure || (local && url.protocol === plain && isLoopback(url.hostname));
    // What is elsewhere may not make our reader knock at doors of their own machine.
    return safe && (local || !isLoopback(url.hostname)) && !url.username && !url.password && !url.hash ? [url.href] : [];
  });
  return [...new Set(found)].slice(0, MOST).map(endpointAt);
};

/** The text of a body that is not too long; undefined: it is. */
const read = async (body: ReadableStream<Uint8Array>): Promise<string | undefined> => {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length <= LONGEST) continue;
    await reader.cancel();
    return undefined;
  }
};

/** `found`: WebSockets first; empty: there was an answer, and nothing of use in it · `silent`: there was no answer, be it for want of a network, of CORS or of time. */
export type Discovered = { readonly kind: 'found'; readonly endpoints: readonly Endpoint[] } | { readonly kind: 'silent'; readonly late: boolean };

export interface DiscoveryParts {
  readonly environment: Environment;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Address of the page around us; it may serve what is asked of this machine. */
  readonly page?: string | undefined;
}

/**
 * Asks a domain for both forms of its host-meta at once; the first that names an endpoint is believed. Never rejects on account of what is answered,
 * takes 5 s at most, follows no redirect and gives no cookie.
 */
export const discover = async (domain: string, { environment, fetch, signal, page = globalThis.location?.href }: DiscoveryParts): Promise<Discovered> => {
  const local = isLoopback(domain);
  const here = page !== undefined && URL.canParse(page) ? new URL(page) : undefined;
  const origin = !local ? `https://${domain}` : here && isLoopback(here.hostname) ? here.origin : `http://${domain}`;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  let late = false;
  const deadline = environment.timer(ANSWER_MS, () => {
    late = true;
    end();
  });
  signal.addEventListener('abort', end);
  if (signal.aborted) end();

  /** undefined: no answer. */
  const ask = async (file: string, links: (source: string) => readonly Link[]): Promise<readonly Endpoint[] | undefined> => {
    try {
      const response = await fetch(`${origin}/.well-known/${file}`, { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-cache', signal: ending.signal });
      if (response.status >= 500) return undefined;
      const found = links((response.ok && response.body && (await read(response.body))) || '');
      return [...addresses(found, WEBSOCKET, 'wss:', 'ws:', local), ...addresses(found, BOSH, 'https:', 'http:', local)];
    } catch (error) {
      // All that fetch throws; which of network, CORS and redirect it was is told to nobody.
      if (error instanceof TypeError || error instanceof DOMException) return undefined;
      throw error;
    }
  };

  try {
    const asked = [ask('host-meta.json', jsonLinks), ask('host-meta', xmlLinks)];
    const useful = asked.map(async answer => ((await answer)?.length ? answer : Promise.reject(new Error('nothing of use'))));
    const first = await Promise.any(useful).catch(async () => {
      const answers = await Promise.all(asked);
      return answers.find(answer => answer !== undefined);
    });
    return first ? { kind: 'found', endpoints: first } : { kind: 'silent', late };
  } finally {
    void deadline();
    signal.removeEventListener('abort', end);
    // The slower of the two is not waited for.
    end();
  }
};
