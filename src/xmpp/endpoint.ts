/** Where a server listens. */

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

/** Always these, in this order. */
export const fixedEndpoints = (...urls: readonly string[]): Endpoints => ({
  find: () => Promise.resolve(urls.map(url => ({ url, transport: /^https?:/.test(url) ? 'bosh' : 'websocket' }))),
  worked: () => undefined,
  failed: () => undefined,
});
