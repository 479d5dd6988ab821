/** Asks a domain where its server listens for web clients (XEP-0156). */
import type { Environment } from '../base/environment.js';
import { isLoopback, type Endpoint } from './endpoint.js';
import { readHostMeta } from './xep/0156-host-meta.js';

const ANSWER_MS = 5_000;
/** Of a document, in UTF-16 code units. */
const LONGEST = 65_536;

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
  const ask = async (file: string, form: 'json' | 'xml'): Promise<readonly Endpoint[] | undefined> => {
    try {
      const response = await fetch(`${origin}/.well-known/${file}`, { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-cache', signal: ending.signal });
      if (response.status >= 500) return undefined;
      return readHostMeta((response.ok && response.body && (await read(response.body))) || '', form, local);
    } catch (error) {
      // All that fetch throws; which of network, CORS and redirect it was is told to nobody.
      if (error instanceof TypeError || error instanceof DOMException) return undefined;
      throw error;
    }
  };

  try {
    const asked = [ask('host-meta.json', 'json'), ask('host-meta', 'xml')];
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
