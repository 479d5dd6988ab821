/** One negotiation with a scripted server, in one line: a stream is opened, and what comes of the login is told. */
import type { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import type { Credentials } from '../../src/xmpp/auth/credentials.js';
import { forgetfulLogins, type LoginMemory } from '../../src/xmpp/auth/login-memory.js';
import { createIqCaller } from '../../src/xmpp/iq.js';
import { negotiate } from '../../src/xmpp/negotiate.js';
import type { Negotiated, Negotiation } from '../../src/xmpp/negotiation.js';
import { Stream } from '../../src/xmpp/stream.js';
import { parseXml, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment, type FakeEnvironment } from './fake-environment.js';
import { scriptedServer, type ScriptedServer, type ServerScript } from './scripted-server.js';
import { ANA } from './test-session.js';

export const DEVICE_ID = 'd4565fa7-4d72-4749-b3d3-740edbf87770';
const SM = 'urn:xmpp:sm:3';

export interface NegotiationOptions {
  readonly credentials?: Credentials;
  readonly memory?: LoginMemory;
  /** Id of a stream that is to go on. */
  readonly resume?: string;
  /** Whether stream management is to be enabled (default: yes). */
  readonly enable?: boolean;
  readonly domain?: string;
}

export interface TestNegotiation {
  readonly server: ScriptedServer;
  readonly environment: FakeEnvironment;
  readonly memory: LoginMemory;
  /** What was told of counting. */
  readonly counted: () => number;
  /** How it ends. */
  readonly result: Promise<Negotiated>;
  /** The code of the error that it ends with, or what it came to. */
  readonly end: Promise<string>;
  /** The names of what the client sent, without the opening. */
  readonly said: () => readonly string[];
  close(): Promise<void>;
}

const element = (source: string): XmlElement => {
  const parsed = parseXml(source);
  if (!parsed) throw new Error(`no XML: ${source}`);
  return parsed;
};

/** Ana, with her right password, on a device that is known. Begins at once. */
export const negotiation = (script: ServerScript = {}, { credentials = ANA, memory = forgetfulLogins(DEVICE_ID), resume, enable = true, domain = 'example.org' }: NegotiationOptions = {}, server = scriptedServer()): TestNegotiation => {
  server.script = { accounts: { ana: 'secret' }, ...script };
  const before = server.received.length;
  const environment = fakeEnvironment();
  const log = createLog('session', () => undefined);
  let counted = 0;
  const stream = new Stream({
    endpoint: { url: 'ws://localhost:5280/xmpp', transport: 'websocket' },
    domain,
    environment,
    log,
    WebSocket: server.WebSocket,
    ...('username' in credentials && credentials.username ? { from: `${credentials.username}@${domain}` } : {}),
    onStanza: stanza => void iq.take(stanza),
    onElement: () => undefined,
    onHeard: () => undefined,
    onEnd: () => undefined,
  });
  const iq = createIqCaller({ environment, domain, self: () => undefined, write: stanza => new Promise(resolve => resolve(stream.put(stanza))) });
  const run = async (): Promise<Negotiated> => {
    const its: Negotiation = {
      environment,
      domain,
      stream,
      features: await stream.begin(),
      credentials,
      memory,
      resume: resume === undefined ? undefined : element(`<resume xmlns='${SM}' previd='${resume}' h='0'/>`),
      enable: enable ? element(`<enable xmlns='${SM}' resume='true'/>`) : undefined,
      request: iq.request,
      counting: () => (counted += 1),
    };
    return negotiate(its);
  };
  const result = run();
  return {
    server,
    environment,
    memory,
    counted: () => counted,
    result,
    end: result.then(({ kind }) => kind, (error: unknown) => (error as ChatError).code),
    said: () => server.received.slice(before).filter(({ name }) => name !== 'open' && name !== 'close').map(({ name }) => name),
    close: () => stream.close(),
  };
};
