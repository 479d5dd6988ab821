/** The WebSocket under a stream (RFC 7395): what the library's own socket and parser get wrong. */
import type { ChatError } from '../../base/errors.js';
import { refuseService } from '../endpoint.js';
import { parseElement, trim } from '../parser.js';
import { notConnected } from '../trouble.js';
import { Element, Parser, Socket, WebSocketTransport } from '../vendor.js';
import { attr, NS, serialize, xml } from '../xml.js';

const OPEN = 1;

/** The library's socket with a WebSocket class of our choosing; theirs loses what is written while it closes, without a word, and cannot be given up. */
const socketOver = (WebSocketClass: typeof WebSocket) =>
  class extends Socket {
    override connect(url: string): void {
      this.url = url;
      this.secure = refuseService(url) === undefined;
      this._attachSocket(new WebSocketClass(url, ['xmpp']));
    }

    /** Throws ChatError network/not-connected when nothing was written. */
    put(data: string): void {
      if (this.socket?.readyState !== OPEN) throw notConnected();
      this.socket.send(data);
    }

    override write(data: string, done: (error?: unknown) => void = () => undefined): void {
      try {
        this.put(data);
        done();
      } catch (error) {
        done(error);
      }
    }

    override end(): void {
      this.socket?.close();
    }

    /** Says goodbye without waiting for an answer. */
    leave(): void {
      this.put(serialize(xml('close', { xmlns: NS.framing })));
    }

    /** Lets go of the WebSocket, and settles all that waits for it. */
    abandon(error: ChatError): void {
      const { socket } = this;
      this._detachSocket();
      socket?.close();
      this.emit('error', error);
      this.emit('close', true);
    }
  };

export type StreamSocket = InstanceType<ReturnType<typeof socketOver>>;

/**
 * Takes the place of the library's parser, which keeps its state over frames, so that one bad frame deafens it, and which lets DTDs,
 * duplicate attributes and unbound prefixes pass. Only its emitter is used: `start` and `end` of the stream, `element`, and `refused`.
 */
class FrameParser extends Parser {
  override write(frame: string): void {
    if (trim(frame) === '') return;
    const parsed = parseElement(frame);
    const stanza = /^\s*<(message|presence|iq)[\s>]/.exec(frame)?.[1];
    // Servers pass on what people write: if that closed the stream, it would come again on the next one, and close that too. So it came, as an error of its kind without content.
    if (parsed === 'policy-violation' && stanza) this.emit('element', new Element(stanza, { xmlns: NS.client, type: 'error' }));
    else if (typeof parsed === 'string') this.emit('refused', parsed);
    else if (attr(parsed, 'xmlns') !== NS.framing) this.emit('element', parsed);
    else if (parsed.name === 'open') this.emit('start', parsed);
    else if (parsed.name === 'close') this.emit('end', parsed);
  }
}

/** The transport that a client is given. */
export const transportOver = (WebSocketClass: typeof WebSocket): typeof WebSocketTransport => {
  const transport = class extends WebSocketTransport {};
  transport.prototype.Socket = socketOver(WebSocketClass);
  transport.prototype.Parser = FrameParser;
  return transport;
};
