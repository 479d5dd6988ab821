/** Why a server does not let an account in. */
import type { ChatError } from '../../base/errors.js';
import { explain, type Trouble } from '../trouble.js';
import { NS, type XmlElement } from '../xml.js';

/** RFC 6120 §6.5; what is not here is `login-refused`. */
const FAILURES: Readonly<Record<string, Trouble>> = {
  'not-authorized': 'wrong-password',
  'credentials-expired': 'wrong-password',
  'account-disabled': 'account-disabled',
  'temporary-auth-failure': 'login-unavailable',
  'invalid-mechanism': 'no-mechanism',
  'mechanism-too-weak': 'no-mechanism',
};

/** What a SASL failure of the server means; `ns` is the profile's, RFC 6120's or XEP-0388's. */
export const loginTrouble = (element: XmlElement, ns: string = NS.sasl): ChatError => explain(element, ns, FAILURES, 'login-refused');
