/** The login of XEP-0388: the mechanism's exchange, and in one go with it the stream of before or an address, stream management and carbons. */
import { parseJid, type Jid } from '../../base/jid.js';
import type { LoggedIn, Negotiation, Resumed } from '../negotiation.js';
import { isFeatures } from '../stream.js';
import { trouble } from '../trouble.js';
import { SM_NS } from '../xep/0198-stream-management.js';
import { CARBONS_NS, carbonsElement } from '../xep/0280-carbons.js';
import { bindElement, readBindOffer, readBound } from '../xep/0386-bind2.js';
import { authenticateElement, isSasl2Answer, readAdditionalData, readIdentity, readInline, responseElement, SASL2_NS } from '../xep/0388-sasl2.js';
import { hashedOffer } from '../xep/0474-downgrade.js';
import { offersFast, readToken } from '../xep/0484-fast.js';
import { child, content, type XmlElement } from '../xml.js';
import { loginTrouble } from './login-trouble.js';
import type { Mechanism } from './mechanism.js';
import type { Offer } from './password.js';
import { mechanismsIn } from './sasl.js';

/** One way of two to run a mechanism: RFC 6120's, or XEP-0388's. */
export interface Profile {
  readonly offer: Offer;
  /** Whether tokens (XEP-0484) are to be had. */
  readonly fast: boolean;
  /** Logs in; `more` goes with the beginning. Rejects with a ChatError auth/… and leaves the stream as it is, so that it may be tried again. */
  run(mechanism: Mechanism, ...more: readonly XmlElement[]): Promise<{ readonly login: LoggedIn | Resumed; readonly token?: ReturnType<typeof readToken> }>;
}

const boundJid = (success: XmlElement): Jid => {
  const jid = parseJid(readIdentity(success));
  if (!jid?.local || !jid.resource) throw trouble('server-error', 'it gave no address');
  return jid;
};

/** The profile for what a server offers in `<authentication/>`. */
export const sasl2 = ({ stream, features, memory, resume, enable, counting }: Negotiation, authentication: XmlElement): Profile => {
  const mechanisms = mechanismsIn(authentication, SASL2_NS);
  const inline = readInline(authentication);
  const resuming = resume && inline && child(inline, 'sm', SM_NS) ? resume : undefined;
  const binding = inline && readBindOffer(inline);
  // What can be resumed only after the login must not be bound before.
  const binds = binding?.bind === true && (!resume || resuming !== undefined);
  const enabling = binding?.enables(SM_NS) ? enable : undefined;
  const carbons = binding?.enables(CARBONS_NS) ?? false;
  /** What follows a success may come in the same turn, so it is waited for from the beginning; a stream that ends first is news only to those who ask for it. */
  let coming: Promise<() => XmlElement> | undefined;
  const ended = (error: unknown) => (): never => {
    throw error;
  };

  const succeeded = async (success: XmlElement, next: Promise<() => XmlElement>): Promise<LoggedIn | Resumed> => {
    const resumed = resuming && child(success, 'resumed', SM_NS);
    if (resumed) {
      counting();
      return { kind: 'resumed', answer: resumed };
    }
    const failed = resuming && child(success, 'failed', SM_NS);
    const bound = binds ? readBound(success) : undefined;
    if (!bound) return { kind: 'in', features: (await next)(), failed };
    const enabled = enabling && child(bound, 'enabled', SM_NS);
    if (enabled) counting();
    return { kind: 'in', jid: boundJid(success), failed, enabling: enabled ?? (enabling && child(bound, 'failed', SM_NS)), carbons, features: (await next)() };
  };

  return {
    offer: { mechanisms, hashed: hashedOffer(mechanisms, features), secure: stream.isSecure() },
    fast: inline !== undefined && memory.userAgent !== '' && stream.isSecure() && offersFast(inline),
    run: async (mechanism, ...more) => {
      coming ??= stream.next(isFeatures).then(element => () => element, ended);
      const bind = binds ? bindElement(enabling, carbons ? carbonsElement() : undefined) : undefined;
      let answer = await stream.ask(authenticateElement(mechanism.name, await mechanism.first(), memory.userAgent, resuming, bind, ...more), isSasl2Answer);
      while (answer.name === 'challenge') {
        const response = await mechanism.respond(content(answer).trim());
        answer = await stream.ask(responseElement(response), isSasl2Answer);
      }
      if (answer.name === 'failure') throw loginTrouble(answer, SASL2_NS);
      mechanism.finish(readAdditionalData(answer));
      if (answer.name === 'continue') throw trouble('more-steps');
      return { login: await succeeded(answer, coming), token: readToken(answer) };
    },
  };
};
