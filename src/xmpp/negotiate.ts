/** From an open stream to one on which stanzas may be sent: the login, then an address on it, unless the stream of before goes on. */
import { chunk } from '../base/chunk.js';
import type { ChatError } from '../base/errors.js';
import { anonymous } from './auth/anonymous.js';
import { authenticate, offeredMechanisms } from './auth/sasl.js';
import { bindResource } from './bind.js';
import type { LoggedIn, Negotiate, Negotiation } from './negotiation.js';
import { explain, trouble } from './trouble.js';
import { isEnableAnswer, SM_NS } from './xep/0198-stream-management.js';
import { child, NS, type XmlElement } from './xml.js';

/** A guest has no password that could be wrong. */
const refusal = (failure: XmlElement): ChatError => explain(failure, NS.sasl, { 'temporary-auth-failure': 'login-unavailable' }, 'guests-refused');

const guest = async ({ stream, features }: Negotiation): Promise<LoggedIn> => {
  const offered = offeredMechanisms(features);
  if (!offered.includes('ANONYMOUS')) throw trouble('guests-refused', offered.join(' '));
  await authenticate(stream, anonymous(), refusal);
  return { kind: 'in', features: await stream.again() };
};

export const negotiate: Negotiate = async negotiation => {
  const { stream, credentials, enable, request, counting } = negotiation;
  const login = credentials.kind === 'anonymous' ? await guest(negotiation) : await (await chunk(import('./auth/account.js'))).logIn(negotiation, credentials);
  if (login.kind === 'resumed') return login;
  const { features, failed, carbons = false } = login;
  let { enabling } = login;
  const jid = login.jid ?? (await bindResource(features, request));
  // A server may offer what it has enabled already; asked twice, it would refuse.
  if (enable && !enabling && child(features, 'sm', SM_NS)) {
    enabling = await stream.ask(enable, isEnableAnswer);
    if (enabling.name === 'enabled') counting();
  }
  return { kind: 'bound', jid, features, enabled: enabling?.name === 'enabled' ? enabling : undefined, failed, carbons };
};
