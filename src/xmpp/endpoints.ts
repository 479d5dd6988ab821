/** The endpoints of a domain's server: those that a page names, or those that are found; the one that worked is tried first, on later pages too. */
import type { Environment } from '../base/environment.js';
import type { Log } from '../base/log.js';
import { discover } from './discovery.js';
import { endpointAt, refuseService, type Endpoint, type Endpoints } from './endpoint.js';
import { disconnected, located, naming, trouble } from './trouble.js';

/** What pages remember of a domain, as it is stored. Times are milliseconds since 1970. */
export interface KnownEndpoints {
  /** What was found, and when. */
  readonly found?: { readonly urls: readonly string[]; readonly at: number };
  /** The one that worked, and until when it goes first. */
  readonly good?: { readonly url: string; readonly until: number };
}

/** What outlives a page. */
export interface EndpointMemory {
  get(): Promise<KnownEndpoints | undefined>;
  set(known: KnownEndpoints): Promise<void>;
}

export interface EndpointsParts {
  readonly domain: string;
  /** Asked where `domain` itself names no endpoint: the hosts of guests seldom have a web server. */
  readonly otherwise?: string | undefined;
  /** Addresses that a page names; if there are any, nothing is looked for. */
  readonly services: readonly string[];
  readonly environment: Environment;
  readonly log: Log;
  readonly memory: EndpointMemory;
  readonly fetch?: typeof fetch;
}

const HOUR_MS = 3_600_000;
const FRESH_MS = 24 * HOUR_MS;
/** A WebSocket goes first for long; BOSH soon gives it another chance, as it may have won because of one slow moment. */
const GOOD_MS = { websocket: 30 * FRESH_MS, bosh: HOUR_MS } as const;
/** Where nothing works, the domain is not asked more often than this. */
const ASK_AGAIN_MS = 60_000;

/** Looks for endpoints when it is asked to, not before. */
export const createEndpoints = ({ domain, otherwise, services, environment, log, memory, fetch = globalThis.fetch }: EndpointsParts): Endpoints => {
  let known: Promise<KnownEndpoints> | undefined;
  let failing = false;
  let askedAt = -Infinity;

  const recall = (): Promise<KnownEndpoints> => {
    known ??= memory.get().then(
      stored => stored ?? {},
      (error: unknown) => {
        log.report(error, 'What is known of the server could not be read.');
        return {};
      },
    );
    return known;
  };
  const remember = async (more: KnownEndpoints): Promise<void> => {
    const next = { ...(await recall()), ...more };
    known = Promise.resolve(next);
    await memory.set(next);
  };
  const keep = (more: KnownEndpoints): void => {
    remember(more).catch((error: unknown) => log.report(error, 'What is known of the server could not be stored.'));
  };
  /** How long ago; a clock that was set back makes nothing new. */
  const age = (at: number): number => Math.abs(environment.now() - at);

  /** What it takes to ask is here already: it is wanted when nothing works, and could not be loaded then. */
  const look = async (found: KnownEndpoints['found'], signal: AbortSignal): Promise<readonly string[]> => {
    const fresh = found !== undefined && age(found.at) < FRESH_MS;
    if (found && fresh && !(failing && age(askedAt) >= ASK_AGAIN_MS)) return found.urls;
    askedAt = environment.now();
    let silent = true;
    let late = false;
    for (const asked of new Set([domain, otherwise ?? domain])) {
      const answer = await discover(asked, { environment, fetch, signal });
      if (signal.aborted) throw disconnected();
      const urls = answer.kind === 'found' ? answer.endpoints.map(({ url }) => url) : [];
      if (urls.length > 0) {
        keep({ found: { urls, at: environment.now() } });
        return urls;
      }
      silent &&= answer.kind === 'silent';
      late ||= answer.kind === 'silent' && answer.late;
    }
    // What was found before may still be so, unless it is old and we were told otherwise.
    if (found && (fresh || silent)) return found.urls;
    const told = otherwise ?? domain;
    if (silent && (late || !environment.online.peek())) throw located(trouble('time-out', 'host-meta'), `https://${told}`);
    throw naming(trouble('no-endpoint', told), { domain: told });
  };

  return {
    find: async signal => {
      const { found, good } = await recall();
      const urls = services.length > 0 ? services : await look(found, signal);
      const first = urls.find(url => url === good?.url && good.until > environment.now());
      return [...new Set([...(first === undefined ? [] : [first]), ...urls])].map(url => {
        const refusal = refuseService(url);
        if (refusal) throw located(refusal, url);
        return endpointAt(url);
      });
    },
    worked: ({ url, transport }: Endpoint) => {
      failing = false;
      void recall().then(({ good }) => {
        if (good?.url !== url || good.until <= environment.now()) keep({ good: { url, until: environment.now() + GOOD_MS[transport] } });
      });
    },
    failed: () => {
      failing = true;
    },
  };
};
