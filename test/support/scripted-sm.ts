/** What a server with stream management (XEP-0198) remembers of its streams: over breaks, pages and restarts, as long as a test wants it. */
import { attr, is, NS, type XmlElement } from '../../src/xmpp/xml.js';
import type { ScriptedServer, ServerScript } from './scripted-server.js';

export interface SmOptions {
  /** Attributes of `<enabled/>` besides the id, as XML. */
  readonly enabled?: string;
  /** Whether it says how much it has (default: yes). */
  readonly answers?: boolean;
}

interface ServerStream {
  readonly id: string;
  /** How many of the client's stanzas it has, and their ids where they have one. */
  handled: number;
  readonly ids: string[];
  /** What it sent and the client has not acknowledged, and how much that was before. */
  unacknowledged: string[];
  acknowledged: number;
}

export interface ScriptedSm {
  /** To be spread into the script of a server. */
  readonly script: Pick<ServerScript, 'intercept' | 'pushed'>;
  /** Ids of the messages that it has, of all streams, in the order of their coming. */
  readonly messages: readonly string[];
  /** The counts that the client acknowledged, in order. */
  readonly told: readonly number[];
  readonly stream: ServerStream | undefined;
  options: SmOptions;
  /** It knows nothing of earlier streams any more; `h`: but for how much it had. */
  forget(h?: boolean): void;
}

const SM = 'urn:xmpp:sm:3';
const STANZA = /^<(?:message|presence|iq)[\s>]/;

export const scriptedSm = (options: SmOptions = {}): ScriptedSm => {
  const streams = new Map<string, ServerStream>();
  const forgotten = new Map<string, number>();
  const messages: string[] = [];
  const told: number[] = [];
  let current: ServerStream | undefined;
  let repeating = false;

  const hear = (h: number): void => {
    if (!current) return;
    told.push(h);
    if (h < current.acknowledged || h > current.acknowledged + current.unacknowledged.length) throw new Error(`The client acknowledged ${h} after ${current.acknowledged}`);
    current.unacknowledged.splice(0, h - current.acknowledged);
    current.acknowledged = h;
  };

  const take = (element: XmlElement, server: ScriptedServer): boolean => {
    if (is(element, 'open', NS.framing)) current = undefined;
    else if (is(element, 'enable', SM)) {
      const stream: ServerStream = { id: `stream ${streams.size}`, handled: 0, ids: [], unacknowledged: [], acknowledged: 0 };
      const resumable = attr(element, 'resume') === 'true';
      if (resumable) streams.set(stream.id, stream);
      server.push(`<enabled xmlns='${SM}'${resumable ? ` id='${stream.id}' ${made.options.enabled ?? "resume='true' max='300'"}` : ''}/>`);
      current = stream;
      return true;
    } else if (is(element, 'resume', SM)) {
      const id = attr(element, 'previd') ?? '';
      const stream = streams.get(id);
      if (!stream) {
        const h = forgotten.get(id);
        server.push(`<failed xmlns='${SM}'${h === undefined ? '' : ` h='${h}'`}><item-not-found xmlns='${NS.stanzaErrors}'/></failed>`);
        return true;
      }
      current = stream;
      hear(Number(attr(element, 'h')));
      server.push(`<resumed xmlns='${SM}' previd='${id}' h='${stream.handled}'/>`);
      repeating = true;
      for (const frame of stream.unacknowledged) server.push(frame);
      repeating = false;
      return true;
    } else if (is(element, 'a', SM)) hear(Number(attr(element, 'h')));
    else if (is(element, 'r', SM)) {
      if (current && made.options.answers !== false) server.push(`<a xmlns='${SM}' h='${current.handled}'/>`);
      return true;
    } else if (current && ['message', 'presence', 'iq'].includes(element.name)) {
      current.handled++;
      const id = attr(element, 'id');
      if (id !== undefined) current.ids.push(id);
      if (id !== undefined && element.name === 'message') messages.push(id);
    } else if (is(element, 'close', NS.framing) && current) {
      streams.delete(current.id);
      current = undefined;
    }
    return false;
  };

  const made: ScriptedSm = {
    script: {
      intercept: take,
      pushed: frame => {
        if (current && !repeating && STANZA.test(frame)) current.unacknowledged.push(frame);
      },
    },
    messages,
    told,
    get stream() {
      return current;
    },
    options,
    forget: (h = false) => {
      for (const { id, handled } of streams.values()) if (h) forgotten.set(id, handled);
      streams.clear();
      current = undefined;
    },
  };
  return made;
};
