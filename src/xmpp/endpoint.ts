/** Where a server listens, and which addresses are safe. */
import type { ChatError } from '../base/errors.js';
import { trouble } from './trouble.js';

/** An address and how it is spoken to: RFC 7395 over a WebSocket, or XEP-0124 over HTTP. */
export interface Endpoint {
  readonly url: string;
  readonly transport: 'websocket' | 'bosh';
}

/** The endpoints of one server, in the order in which they are to be tried. */
export interface Endpoints {
  /**
   * Those to try now, the one that worked last first. Rejects with a ChatError network/… where none can be found or none is safe.
   * `signal` ends a search that is under way.
   */
  find(signal: AbortSignal): Promise<readonly Endpoint[]>;
  /** Remembers the one that worked, also for later pages. */
  worked(endpoint: Endpoint): void;
  /** None worked: what was found is asked for anew the next time. */
  failed(): void;
}

/** The endpoint at an address, spoken to as its scheme says. */
export const endpointAt = (url: string): Endpoint => ({ url, transport: /^https?:/i.test(url) ? 'bosh' : 'websocket' });

/** Names of this very machine. */
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f..|0):\w+\])$/i;
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/**
 * Why an address may not be used: only wss:// and https://, and ws:// and http:// to this very machine. undefined: it may.
 * `page` is the protocol of the page around us.
 */
export const refuseService = (service: string, page = globalThis.location?.protocol): ChatError | undefined => {
  const { protocol = '', hostname = '' } = URL.canParse(service) ? new URL(service) : {};
  if (/^(?:wss|https):$/.test(protocol)) return undefined;
  if (!/^(?:ws|http):$/.test(protocol)) return trouble('bad-service', service);
  return isLoopback(hostname) ? undefined : trouble(page === 'https:' ? 'mixed-content' : 'insecure-service', service);
};

/** Always these, in this order. */
export const fixedEndpoints = (...urls: readonly string[]): Endpoints => ({
  find: () => Promise.resolve(urls.map(endpointAt)),
  worked: () => undefined,
  failed: () => undefined,
});
