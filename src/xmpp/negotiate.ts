/** From an open stream to one on which stanzas may be sent: the login, then the stream of before or an address on this one. */
import { chunk } from '../base/chunk.js';
import { ChatError } from '../base/errors.js';
import { anonymous } from './auth/anonymous.js';
import { authenticate, offeredMechanisms } from './auth/sasl.js';
import { bindResource } from './bind.js';
import type { LoggedIn, Negotiate, Negotiation } from './negotiation.js';
import { trouble } from './trouble.js';
import { isEnableAnswer, isResumeAnswer, SM_NS } from './xep/0198-stream-management.js';
import { child } from './xml.js';

/** A guest has no password that could be wrong. */
const guest = async ({ stream, features }: Negotiation): Promise<LoggedIn> => {
  const offered = offeredMechanisms(features);
  if (!offered.includes('ANONYMOUS')) throw trouble('guests-refused', offered.join(' '));
  await authenticate(stream, anonymous()).catch((error: unknown) => {
    throw error instanceof ChatError && error.domain === 'auth' && error.code !== 'login-unavailable' ? trouble('guests-refused', error.message) : error;
  });
  return { kind: 'in', features: await stream.again() };
};

export const negotiate: Negotiate = async negotiation => {
  const { stream, credentials, resume, enable, request, counting } = negotiation;
  const login = credentials.kind === 'anonymous' ? await guest(negotiation) : await (await chunk(import('./auth/account.js'))).logIn(negotiation, credentials);
  if (login.kind === 'resumed') return login;
  const { features, carbons = false } = login;
  const managed = child(features, 'sm', SM_NS) !== undefined;
  let { failed, jid, enabling } = login;
  // XEP-0198 §5: in the place of a binding.
  if (resume && managed && !failed && !jid) {
    const answer = await stream.ask(resume, isResumeAnswer);
    if (answer.name === 'resumed') {
      counting();
      return { kind: 'resumed', answer };
    }
    failed = answer;
  }
  jid ??= await bindResource(features, request);
  // A server may offer what it has enabled already; asked twice, it would refuse.
  if (enable && managed && !enabling) {
    enabling = await stream.ask(enable, isEnableAnswer);
    if (enabling.name === 'enabled') counting();
  }
  return { kind: 'bound', jid, features, enabled: enabling?.name === 'enabled' ? enabling : undefined, failed, carbons };
};
