/** Where the server of a sign-in listens: a page that names one address knows it already, all others load what it takes to find and to choose. */
import { chunk } from '../base/chunk.js';
import { fixedEndpoints, type Endpoints } from '../xmpp/endpoint.js';
import type { ServerParts } from './server-endpoints.js';

/** The endpoints of a domain's server; `find` also rejects with ChatError chunk/chunk-not-loaded. */
export const endpointsFor = (parts: ServerParts): Endpoints => {
  const { service } = parts.options;
  if (service.length === 1) return fixedEndpoints(...service);
  let made: Endpoints | undefined;
  return {
    find: async signal => {
      made ??= (await chunk(import('./server-endpoints.js'))).endpointsOf(parts);
      return made.find(signal);
    },
    worked: endpoint => made?.worked(endpoint),
    failed: () => made?.failed(),
  };
};
