/** The server's half of SASL2, Bind 2 and FAST (XEP-0388, 0386, 0484), written apart from the client's: a script for the scripted server, with ways to get it wrong. */
import { attr, child, content, is, type XmlElement } from '../../src/xmpp/xml.js';
import { scramServer, type ScramFaults } from './scripted-scram.js';
import type { ScriptedServer, ServerScript } from './scripted-server.js';

const SASL2 = 'urn:xmpp:sasl:2';
const BIND2 = 'urn:xmpp:bind:0';
const FAST = 'urn:xmpp:fast:0';
const SM = 'urn:xmpp:sm:3';
const CARBONS = 'urn:xmpp:carbons:2';

export type Inline = 'bind' | 'sm' | 'enable' | 'carbons' | 'fast';

export interface Sasl2Script extends ServerScript {
  /** What may be done in one go with the login (default: all). */
  readonly inline?: readonly Inline[];
  /** The id of a stream that may be resumed. */
  readonly resumable?: string;
  /** What a login by token is refused with (default: `not-authorized`, for a wrong one). */
  readonly tokenRefusal?: string;
  /** A login by token gets a new one. */
  readonly rotates?: boolean;
  /** After a token was refused, the stream takes nothing else any more. */
  readonly stubborn?: boolean;
  /** What is said in place of the right `<success/>`. */
  readonly success?: (right: string) => string;
  /** A frame between the success and the features that follow it. */
  readonly between?: string;
  /** Whether the features that follow a login still list stream management. */
  readonly listsSm?: boolean;
}

export interface ScriptedSasl2 {
  readonly script: ServerScript;
  /** Device → its token. */
  readonly tokens: Map<string, string>;
}

const bytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
const text = (base64: string): string => new TextDecoder().decode(bytes(base64));
const encoded = (value: string | Uint8Array): string => btoa(String.fromCharCode(...(typeof value === 'string' ? new TextEncoder().encode(value) : value)));
const mac = async (token: string, side: string): Promise<string> => {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(token), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return encoded(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(side))));
};

/** The id of the device that a login comes from. */
const deviceOf = (request: XmlElement): string => {
  const agent = child(request, 'user-agent', SASL2);
  return (agent && attr(agent, 'id')) ?? '';
};
const initialOf = (request: XmlElement): Uint8Array => {
  const initial = child(request, 'initial-response', SASL2);
  return bytes(initial ? content(initial) : '');
};

/** A script of a server that has SASL2. */
export const scriptedSasl2 = (options: Sasl2Script = {}): ScriptedSasl2 => {
  const { accounts = { ana: 'secret' }, mechanisms = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'PLAIN'], inline = ['bind', 'sm', 'enable', 'carbons', 'fast'] } = options;
  const tokens = new Map<string, string>();
  const has = (what: Inline): boolean => inline.includes(what);
  let request: XmlElement | undefined;
  let scram: ReturnType<typeof scramServer> | undefined;
  let stuck = false;
  let given = 0;

  const offers = (user: string | undefined): string => {
    if (user !== undefined) return '';
    const bind = `<bind xmlns='${BIND2}'><inline>${has('carbons') ? `<feature var='${CARBONS}'/>` : ''}${has('enable') ? `<feature var='${SM}'/>` : ''}</inline></bind>`;
    const more = `${has('bind') ? bind : ''}${has('sm') ? `<sm xmlns='${SM}'/>` : ''}${has('fast') ? `<fast xmlns='${FAST}'><mechanism>HT-SHA-256-ENDP</mechanism><mechanism>HT-SHA-256-NONE</mechanism></fast>` : ''}`;
    return `<authentication xmlns='${SASL2}'>${mechanisms.map(name => `<mechanism>${name}</mechanism>`).join('')}<inline>${more}</inline></authentication>`;
  };

  const fail = (server: ScriptedServer, condition: string): void => server.push(`<failure xmlns='${SASL2}'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><text>No.</text></failure>`);

  const succeed = (server: ScriptedServer, name: string, last: string | undefined): void => {
    if (!request) return;
    const bind = child(request, 'bind', BIND2);
    const resume = child(request, 'resume', SM);
    const fast = child(request, 'fast', FAST);
    const device = deviceOf(request);
    const invalidated = fast && attr(fast, 'invalidate') === 'true';
    const resumed = resume && attr(resume, 'previd') === options.resumable;
    server.enter(name, resumed || (bind && child(bind, 'enable', SM) !== undefined));
    if (invalidated) tokens.delete(device);
    const wants = child(request, 'request-token', FAST) ?? (options.rotates && fast && !invalidated);
    if (wants) tokens.set(device, `token-${++given}`);
    const enabled = bind && child(bind, 'enable', SM) ? `<enabled xmlns='${SM}' id='new' resume='true'/>` : '';
    const right = [
      `<success xmlns='${SASL2}'>`,
      last === undefined ? '' : `<additional-data>${last}</additional-data>`,
      `<authorization-identifier>${bind || resumed ? server.jid : server.jid.replace(/\/.*/u, '')}</authorization-identifier>`,
      resume ? (resumed ? `<resumed xmlns='${SM}' h='0' previd='${options.resumable ?? ''}'/>` : `<failed xmlns='${SM}' h='7'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`) : '',
      bind && !resumed ? `<bound xmlns='${BIND2}'>${enabled}</bound>` : '',
      wants ? `<token xmlns='${FAST}' token='token-${given}' expiry='2099-01-01T00:00:00.5Z'/>` : '',
      '</success>',
    ].join('');
    server.push(options.success?.(right) ?? right);
    if (options.between) server.push(options.between);
    server.push(server.offer);
  };

  const byToken = async (server: ScriptedServer, its: XmlElement): Promise<void> => {
    const initial = initialOf(its);
    const end = initial.indexOf(0);
    const name = new TextDecoder().decode(initial.subarray(0, end));
    const token = tokens.get(deviceOf(its));
    if (token !== undefined && !options.tokenRefusal && encoded(initial.subarray(end + 1)) === (await mac(token, 'Initiator'))) return succeed(server, name, await mac(token, 'Responder'));
    stuck = options.stubborn === true;
    return fail(server, options.tokenRefusal ?? 'not-authorized');
  };

  const begin = async (element: XmlElement, server: ScriptedServer): Promise<void> => {
    request = element;
    const mechanism = attr(element, 'mechanism') ?? '';
    const initial = new TextDecoder().decode(initialOf(element));
    if (child(element, 'fast', FAST)) return byToken(server, element);
    if (stuck || !mechanisms.includes(mechanism)) return fail(server, 'invalid-mechanism');
    if (mechanism === 'PLAIN') {
      const [, name = '', password = ''] = initial.split('\0');
      return accounts[name] === password ? succeed(server, name, undefined) : fail(server, 'not-authorized');
    }
    scram = scramServer(mechanism.replace('SCRAM-', ''), accounts, options.scram ?? ({} satisfies ScramFaults));
    return server.push(`<challenge xmlns='${SASL2}'>${encoded(scram.firstMessage(initial))}</challenge>`);
  };

  const finish = async (element: XmlElement, server: ScriptedServer): Promise<void> => {
    const last = await scram?.lastMessage(text(content(element)));
    const name = /n=([^,]*)/u.exec(new TextDecoder().decode(initialOf(request ?? element)))?.[1] ?? '';
    if (last === undefined) return fail(server, 'not-authorized');
    const said = options.scram?.last ? options.scram.last(last) : last;
    return succeed(server, name, said === undefined ? undefined : encoded(said));
  };

  return {
    tokens,
    script: {
      ...options,
      accounts,
      mechanisms,
      sm: options.listsSm ?? true,
      offers,
      intercept: (element, server) => {
        if (options.intercept?.(element, server) === true) return true;
        if (is(element, 'open', 'urn:ietf:params:xml:ns:xmpp-framing')) stuck = false;
        if (is(element, 'authenticate', SASL2)) void begin(element, server);
        else if (is(element, 'response', SASL2)) void finish(element, server);
        else return false;
        return true;
      },
    },
  };
};
