/** Where the server of a sign-in listens: as the page says, or as it is found, with what this device knows of it. */
import type { Environment } from '../base/environment.js';
import { parseJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import type { KeyValue } from '../store/contract.js';
import type { Endpoints } from '../xmpp/endpoint.js';
import { createEndpoints, type KnownEndpoints } from '../xmpp/endpoints.js';
import type { Options } from './config.js';
import { DEVICE } from './device.js';

export interface ServerParts {
  readonly options: Options;
  /** The domain that is logged in to. */
  readonly domain: string;
  readonly visitor: boolean;
  readonly store: { readonly keyvalue: Pick<KeyValue, 'get' | 'set'> };
  readonly environment: Environment;
  readonly log: Log;
  readonly fetch?: typeof fetch | undefined;
}

/** The endpoints of a domain's server. For a visitor, who gives nobody a password, the domain of `to` may name them as well. */
export const endpointsOf = ({ options, domain, visitor, store, environment, log, fetch }: ServerParts): Endpoints => {
  const key = `endpoints/${domain}`;
  return createEndpoints({
    domain,
    otherwise: visitor ? parseJid(options.to)?.domain : undefined,
    services: options.service,
    environment,
    log,
    memory: {
      get: () => store.keyvalue.get<KnownEndpoints>(DEVICE, key),
      set: known => store.keyvalue.set(DEVICE, key, known),
    },
    ...(fetch ? { fetch } : {}),
  });
};
