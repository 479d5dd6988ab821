/** BOSH as the library's kind of transport (XEP-0206): to a stream it is a socket like that of a WebSocket. */
import type { ChatError } from '../../base/errors.js';
import type { Delivery, DeliveryParts } from '../delivery.js';
import { refuseService } from '../endpoint.js';
import { notConnected } from '../trouble.js';
import { Element, Parser, Socket, WebSocketTransport } from '../vendor.js';
import { attr, parseXml, type XmlElement } from '../xml.js';
import { BOSH_NS } from './bosh-body.js';
import { createBoshSession, type BoshParts } from './bosh-session.js';
import { createWatch } from './bosh-watch.js';

export { takeUp } from './bosh-take-up.js';

/** What comes from it in place of text: an event for the parser, and what it is about. */
export type Arrival = readonly [event: 'start' | 'heard' | 'element' | 'end', element?: XmlElement];

/** What a stream asks of its socket, and what it can do besides over BOSH. */
export interface BoshSocket {
  put(data: string): void;
  /** Says goodbye without waiting for an answer. */
  leave(): void;
  abandon(error: ChatError): void;
  delivery(parts: DeliveryParts): Delivery;
  goOn(parts: DeliveryParts): Promise<Delivery>;
}

export type BoshTransportParts = Pick<BoshParts, 'environment' | 'log' | 'fetch' | 'url' | 'takeUp'>;

/** The transport for one stream, and its socket. */
export const boshTransport = (parts: BoshTransportParts): { readonly transport: typeof WebSocketTransport; readonly socket: BoshSocket } => {
  const tell = (...arrival: Arrival): void => void socket.emit('data', arrival);
  let its: { readonly delivery: Delivery; readonly parts: DeliveryParts } | undefined;
  const watch = createWatch({ ...parts, tell: failing => its?.parts.failing(failing), probe: () => its?.delivery.probe() });
  const session = createBoshSession({
    ...parts,
    fetch: watch.fetch,
    onHeard: (opens, wrapper) => tell(opens ? 'start' : 'heard', wrapper),
    onElement: element => tell('element', element),
    onEnd: error => {
      watch.stop();
      if (error) socket.emit('error', error);
      tell('end');
    },
  });

  const watched = (delivery: Delivery, given: DeliveryParts): Delivery => {
    its = { delivery, parts: given };
    return delivery;
  };
  const stop = (): void => {
    session.stop();
    watch.stop();
  };

  class BoshUnderStream extends Socket implements BoshSocket {
    readonly leave = session.leave;

    override connect(url: string): void {
      this.secure = refuseService(url) === undefined;
      queueMicrotask(() => this.emit('connect'));
    }

    delivery(given: DeliveryParts): Delivery {
      return watched(session.delivery(given), given);
    }

    async goOn(given: DeliveryParts): Promise<Delivery> {
      return watched(await session.goOn(given), given);
    }

    put(data: string): void {
      session.put({ xml: data });
    }

    /** What the library writes: the header and the footer of the stream. */
    override write(data: string, done: (error?: unknown) => void = () => undefined): void {
      const element = parseXml(data);
      if (!element) return done(notConnected());
      if (attr(element, 'type') === 'terminate') session.terminate();
      else session.open(element.attrs);
      return done();
    }

    /** The session is over, or has had its time. */
    override end(): void {
      stop();
      queueMicrotask(() => this.emit('close', false));
    }

    abandon(error: ChatError): void {
      stop();
      this.emit('error', error);
      this.emit('close', true);
    }
  }
  const socket = new BoshUnderStream();

  const transport = class extends WebSocketTransport {
    override headerElement(): Element {
      return new Element('body', { xmlns: BOSH_NS });
    }

    override footerElement(): Element {
      return new Element('body', { xmlns: BOSH_NS, type: 'terminate' });
    }

    override socketParameters(): string {
      return parts.url;
    }
  };
  // The library makes the socket by `new`; there is one for each stream.
  transport.prototype.Socket = function () {
    return socket;
  };
  transport.prototype.Parser = Parser;
  return { transport, socket };
};
