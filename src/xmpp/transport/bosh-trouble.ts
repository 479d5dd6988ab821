/** What ends a BOSH session, as one of our troubles: the conditions and the HTTP codes of XEP-0124 §17. */
import type { ChatError } from '../../base/errors.js';
import { streamTrouble, trouble, type Trouble } from '../trouble.js';
import { attr, is, NS } from '../xml.js';
import type { Body } from './bosh-body.js';

/** XEP-0124 §17.2; what is not here is `server-error`. */
const CONDITIONS: Readonly<Record<string, Trouble>> = {
  'host-gone': 'host-unknown',
  'host-unknown': 'host-unknown',
  'improper-addressing': 'host-unknown',
  'item-not-found': 'session-gone',
  'other-request': 'session-gone',
  'policy-violation': 'policy-violation',
  'remote-connection-failed': 'unreachable',
  'remote-stream-error': 'connection-lost',
  'see-other-uri': 'redirected',
  'system-shutdown': 'server-shutdown',
};

/** Of an answer of type `terminate`. */
export const bodyTrouble = ({ wrapper, elements }: Body): ChatError => {
  const error = elements.find(element => is(element, 'error', NS.streams));
  if (error) return streamTrouble(error);
  const condition = attr(wrapper, 'condition');
  if (condition === undefined) return trouble('connection-lost', 'the server ended the session');
  return trouble(Object.hasOwn(CONDITIONS, condition) ? (CONDITIONS[condition] ?? 'server-error') : 'server-error', condition);
};

const CODES: Readonly<Record<number, Trouble>> = { 403: 'policy-violation', 404: 'session-gone', 410: 'session-gone', 413: 'policy-violation' };

/** Whether an HTTP code says that something between us and the server, or the server itself, is not there for the moment. */
export const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 425 || status === 429;

/** Of an HTTP code other than 200 that is not passing (XEP-0124 §17.1). */
export const statusTrouble = (status: number): ChatError => trouble(CODES[status] ?? 'server-error', `HTTP ${status}`);
