/** Has the server forget the token of a device that logs out (XEP-0484 §3.6), on a short stream of its own: loaded when somebody logs out. */
import type { Environment } from '../../base/environment.js';
import type { Log } from '../../base/log.js';
import { refuseService, type Endpoint, type Endpoints } from '../endpoint.js';
import type { Attempt } from '../opening.js';
import { firstToOpen } from '../race.js';
import { Stream } from '../stream.js';
import { asTrouble } from '../trouble.js';
import { authenticateElement, isSasl2Answer, readAuthentication, SASL2_NS } from '../xep/0388-sasl2.js';
import { fastElement } from '../xep/0484-fast.js';
import { is, type XmlElement } from '../xml.js';
import type { LoginMemory } from './login-memory.js';
import { tokenProof } from './token-proof.js';

export interface InvalidationParts {
  readonly endpoints: Endpoints;
  readonly domain: string;
  readonly username: string;
  readonly memory: Pick<LoginMemory, 'secret' | 'userAgent'>;
  readonly environment: Environment;
  readonly log: Log;
  readonly WebSocket?: typeof WebSocket;
  readonly fetch?: typeof fetch;
}

/** Nobody waits for a logout for longer than this. */
const PATIENCE_MS = 10_000;

/** Settles when the server has forgotten the token, or could not be told within 10 s; does nothing where there is none. Never rejects. */
export const invalidateToken = async ({ endpoints, domain, username, memory, environment, log, ...parts }: InvalidationParts): Promise<void> => {
  const { fast } = memory.secret;
  if (!fast) return;
  const search = new AbortController();
  let stream: Stream | undefined;
  const late = environment.timer(PATIENCE_MS, () => {
    search.abort();
    stream?.drop();
  });

  const attempt = (endpoint: Endpoint): Attempt<{ readonly stream: Stream; readonly features: XmlElement }> => {
    const refusal = refuseService(endpoint.url);
    if (refusal) throw refusal;
    const tried = new Stream({
      endpoint,
      domain,
      from: `${username}@${domain}`,
      environment,
      log,
      WebSocket: parts.WebSocket ?? globalThis.WebSocket,
      ...(parts.fetch ? { fetch: parts.fetch } : {}),
      onStanza: () => undefined,
      onElement: () => undefined,
      onHeard: () => undefined,
      onEnd: () => undefined,
    });
    return { opened: tried.begin().then(features => ({ stream: tried, features })), drop: () => tried.drop() };
  };

  try {
    const { opened } = await firstToOpen(await endpoints.find(search.signal), attempt, environment, search.signal);
    stream = opened.stream;
    if (!readAuthentication(opened.features)) return;
    const mechanism = tokenProof(username, fast);
    const answer = await stream.ask(authenticateElement(mechanism.name, await mechanism.first(), memory.userAgent, fastElement(fast.count + 1, true)), isSasl2Answer);
    if (!is(answer, 'success', SASL2_NS)) log.info('The server did not take the token that was to be forgotten.');
  } catch (error) {
    log.info(`The server could not be told to forget the token: ${asTrouble(error).message}`);
  } finally {
    void late();
    await stream?.close();
  }
};
