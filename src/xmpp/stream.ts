/** One XML stream, over a WebSocket (RFC 7395) or over BOSH (XEP-0206): opened, read element by element, and ended exactly once and in time. */
import { chunk } from '../base/chunk.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Delivery, DeliveryParts } from './delivery.js';
import type { Endpoint } from './endpoint.js';
import type { Refusal } from './parser.js';
import type { BoshState } from './session-storage.js';
import type { Arrival, BoshSocket } from './transport/bosh.js';
import { transportOver, type StreamSocket } from './transport/websocket.js';
import { asTrouble, disconnected, notConnected, streamTrouble, trouble } from './trouble.js';
import { Client, type Element, type Parser, type WebSocketTransport } from './vendor.js';
import { is, isStanza, NS, serialize, xml, type XmlElement } from './xml.js';

export interface StreamOptions {
  readonly endpoint: Endpoint;
  readonly domain: string;
  /** Own bare JID, where it is known (RFC 6120 §4.7.1). */
  readonly from?: string;
  readonly environment: Environment;
  readonly log: Log;
  readonly WebSocket: typeof WebSocket;
  readonly fetch?: typeof fetch;
  /** A session over BOSH to go on with (`goOn`). */
  readonly takeUp?: BoshState;
  onStanza(stanza: XmlElement): void;
  /** Elements that are no stanzas and that nobody waited for. */
  onElement(element: XmlElement): void;
  /** Anything at all came. */
  onHeard(): void;
  /** Called exactly once; without an error if we ended it ourselves. */
  onEnd(error?: ChatError): void;
}

interface Waiting {
  wanted(element: XmlElement): boolean;
  resolve(element: XmlElement): void;
  reject(error: ChatError): void;
}

/** How long the other side may take to close with us. */
const STOP_MS = 2_000;
/** The library's own time limit must not come before ours. */
const NEVER_FIRST_MS = 60_000;

/** What a server offers, told when a stream opens and after a login. */
export const isFeatures = (element: XmlElement): boolean => is(element, 'features', NS.streams);

export class Stream extends Client {
  readonly #options: StreamOptions;
  readonly #waiting = new Set<Waiting>();
  #bosh: BoshSocket | undefined;
  #reached = false;
  #ended = false;
  #closing: Promise<void> | undefined;

  constructor(options: StreamOptions) {
    super({ domain: options.domain, service: options.endpoint.url });
    this.#options = options;
    this.timeout = NEVER_FIRST_MS;
    this.on('connect', () => (this.#reached = true));
    this.on('error', (thrown: unknown) => this.#end(this.#bosh && thrown instanceof ChatError ? thrown : this.#lost()));
    this.on('disconnect', () => this.#end(this.#lost()));
    // The other side closes (RFC 7395 §3.6): it gets its answer.
    this.on('close', () => {
      if (!this.#ended) this.fail(trouble('connection-lost'));
    });
  }

  /** Connects and opens the stream; settles with the features that the server offers. */
  async begin(): Promise<XmlElement> {
    await this.#connect();
    return this.#features(this.open({ domain: this.#options.domain }));
  }

  /** Starts the stream anew after a login (RFC 6120 §4.3.3). */
  again(): Promise<XmlElement> {
    return this.#features(this.restart());
  }

  /**
   * Goes on with the session over BOSH that was to be taken up, by repeating what was not answered; settles at the first good answer, before the first stanza comes.
   * Rejects with ChatError stream/session-gone when the server does not know it any more; then the fates of what it held are told, and nothing of it is stored.
   */
  async goOn(parts: DeliveryParts): Promise<Delivery> {
    await this.#connect();
    this._attachParser(new this.Parser());
    if (!this.#bosh) throw notConnected();
    return this.#bosh.goOn(parts);
  }

  /** What the transport itself does for stanzas from now on, that is, after a binding; undefined: nothing. */
  delivery(parts: DeliveryParts): Delivery | undefined {
    return this.#bosh?.delivery(parts);
  }

  /** Writes an element, or its text. Throws ChatError network/not-connected when nothing was written. */
  put(element: XmlElement | string): void {
    const socket = this.socket as StreamSocket | null;
    if (this.#ended || !socket) throw notConnected();
    socket.put(typeof element === 'string' ? element : serialize(element));
  }

  /** Writes an element that nobody misses where it cannot be written. */
  say(element: XmlElement | string): void {
    try {
      this.put(element);
    } catch (error) {
      this.#options.log.debug(`${typeof element === 'string' ? 'A stanza' : `<${element.name}/>`} was not sent: ${String(error)}`);
    }
  }

  /** The next element, no stanza, that is wanted; rejects when the stream ends first. */
  next(wanted: (element: XmlElement) => boolean): Promise<XmlElement> {
    return new Promise((resolve, reject) => {
      if (this.#ended) reject(disconnected());
      else this.#waiting.add({ wanted, resolve, reject });
    });
  }

  /** Writes an element and settles with its answer. */
  async ask(element: XmlElement, wanted: (element: XmlElement) => boolean): Promise<XmlElement> {
    this.put(element);
    return this.next(wanted);
  }

  /** Ends the stream because of what the other side did (RFC 6120 §4.9). */
  refuse(condition: string, error: ChatError, application?: XmlElement): void {
    if (this.#ended) return;
    this.say(xml('stream:error', { 'xmlns:stream': NS.streams }, xml(condition, { xmlns: NS.streamErrors }), application));
    this.#end(error);
    void this.close();
  }

  /** Ends the stream because we cannot go on with it. */
  fail(thrown: unknown): void {
    this.#end(asTrouble(thrown));
    void this.close();
  }

  /** Closes the stream politely, within 2 s. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Says goodbye and goes, for a page that has no time to wait for an answer. */
  leave(): void {
    try {
      if (this.#reached && !this.#ended) (this.#bosh ?? (this.socket as StreamSocket | null))?.leave();
    } catch (error) {
      this.#options.log.debug(`Nobody was told goodbye: ${String(error)}`);
    }
    this.drop();
  }

  /** Lets go of the socket at once. */
  drop(error?: ChatError): void {
    this.#end(error);
    // Likewise those who wait for the stream or the socket to close.
    this.parser?.emit('end');
    (this.socket as StreamSocket | null)?.abandon(error ?? disconnected());
  }

  override headerElement(): Element {
    const element = super.headerElement();
    if (this.#options.from !== undefined && this.isSecure()) element.attrs['from'] = this.#options.from;
    return element;
  }

  override header(element: Element): string {
    return serialize(element);
  }

  override footer(element: Element): string {
    return serialize(element);
  }

  override _attachParser(parser: Parser): void {
    super._attachParser(parser);
    parser.on('refused', (refusal: Refusal) => this.refuse(refusal, trouble('bad-data', refusal)));
  }

  /** Nothing that is thrown further in gets out into the page. */
  override _onData(data: unknown): void {
    if (!this.parser) return;
    try {
      if (!this.#ended) this.#options.onHeard();
      if (data instanceof Array) this.parser.emit(...(data as unknown as Arrival));
      else super._onData(String(data));
    } catch (error) {
      this.#options.log.report(error);
    }
  }

  /** Takes the place of the library's, which follows see-other-host to anywhere and hands every stanza to all listeners at once. */
  override _onElement(element: Element): void {
    if (this.#ended) return;
    if (is(element, 'error', NS.streams)) {
      this.#end(streamTrouble(element));
      void this.close();
    } else if (isStanza(element)) this.#options.onStanza(element);
    else this.#hand(element);
  }

  #hand(element: XmlElement): void {
    for (const waiting of this.#waiting) {
      if (!waiting.wanted(element)) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(element);
      return;
    }
    this.#options.onElement(element);
  }

  async #connect(): Promise<void> {
    const { endpoint, environment, log, fetch = globalThis.fetch, takeUp } = this.#options;
    if (endpoint.transport === 'websocket') this.#goBy(transportOver(this.#options.WebSocket));
    else {
      const { boshTransport } = await chunk(import('./transport/bosh.js'));
      if (this.#ended) throw disconnected();
      const { transport, socket } = boshTransport({ environment, log, fetch, url: endpoint.url, takeUp });
      this.#bosh = socket;
      this.#goBy(transport);
    }
    await this.connect(endpoint.url);
  }

  /** The library would choose among several. */
  #goBy(transport: typeof WebSocketTransport): void {
    this.Transport = transport;
    ({ Socket: this.Socket, Parser: this.Parser } = transport.prototype);
  }

  async #features(opening: Promise<unknown>): Promise<XmlElement> {
    const [features] = await Promise.all([this.next(isFeatures), opening]);
    return features;
  }

  /** Browsers do not tell pages why a connection could not be made. */
  #lost(): ChatError {
    if (this.#reached) return trouble('connection-lost');
    return trouble(this.#options.endpoint.url.startsWith('wss:') ? 'certificate-or-unreachable' : 'unreachable');
  }

  #end(error?: ChatError): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject } of this.#waiting) reject(error ?? disconnected());
    this.#waiting.clear();
    // Whoever in the library waits for the stream to open, and its timer, goes with it.
    this.emit('error', error);
    this.#options.onEnd(error);
  }

  async #close(): Promise<void> {
    this.#end();
    if (!this.#reached) return this.drop();
    this.timeout = STOP_MS;
    const cancel = this.#options.environment.timer(STOP_MS, () => this.drop());
    try {
      await this.disconnect();
    } finally {
      void cancel();
    }
  }
}
