/** Everything that can be wrong with a connection, in one table: what kind of error it is, whether to try again, and what a person can do. */
import { ChatError, type ErrorDomain, type Retry } from '../base/errors.js';
import type { WordKey } from '../base/words.js';
import type { Problem } from '../entities/status.js';
import { elements, NS, text, type XmlElement } from './xml.js';

const TROUBLES = {
  'wrong-password': ['auth', 'user', 'sign-in'],
  'account-disabled': ['auth', 'user', 'sign-in'],
  'login-refused': ['auth', 'user', 'retry'],
  'login-unavailable': ['auth', 'later', 'retry'],
  'guests-refused': ['auth', 'user', 'retry'],
  'no-mechanism': ['auth', 'user', 'retry'],
  'weaker-login': ['auth', 'no', 'retry'],
  'unsafe-login': ['auth', 'no'],
  'login-tampered': ['auth', 'no'],
  'more-steps': ['auth', 'user', 'retry'],
  'secret-stale': ['auth', 'user', 'sign-in'],
  'token-failed': ['auth', 'later', 'retry'],
  'token-late': ['auth', 'later', 'retry'],
  'token-refused': ['auth', 'no', 'retry'],
  'server-not-genuine': ['auth', 'no'],
  'bad-characters': ['auth', 'user', 'sign-in'],
  'insecure-context': ['network', 'no'],
  'chunk-not-loaded': ['chunk', 'user', 'reload'],
  'mixed-content': ['network', 'no'],
  'insecure-service': ['network', 'no'],
  'no-endpoint': ['network', 'later', 'retry'],
  'bad-service': ['network', 'no'],
  unreachable: ['network', 'later', 'retry'],
  'certificate-or-unreachable': ['network', 'later', 'retry'],
  'time-out': ['network', 'later', 'retry'],
  'connection-lost': ['network', 'later', 'retry'],
  'host-unknown': ['stream', 'later', 'retry'],
  'session-gone': ['stream', 'later', 'retry'],
  conflict: ['stream', 'user', 'retry'],
  redirected: ['stream', 'later', 'retry'],
  'server-shutdown': ['stream', 'later', 'retry'],
  'server-full': ['stream', 'later', 'retry'],
  'policy-violation': ['stream', 'later', 'retry'],
  'server-error': ['stream', 'later', 'retry'],
  'bad-data': ['stream', 'later', 'retry'],
} as const satisfies Partial<Record<WordKey, readonly [ErrorDomain, Retry, Problem['action']?]>>;

export type Trouble = keyof typeof TROUBLES;

const isTrouble = (code: string): code is Trouble => Object.hasOwn(TROUBLES, code);

/** The error of a trouble; `detail` is for the log. */
export const trouble = (code: Trouble, detail?: string, cause?: unknown): ChatError => {
  const [domain, retry] = TROUBLES[code];
  return new ChatError(domain, code, retry, detail === undefined ? undefined : `${domain}: ${code} (${detail})`, { cause });
};

/** Nothing was written, as there is nothing to write to. */
export const notConnected = (): ChatError => new ChatError('network', 'not-connected', 'later');

/** The connection, or the wish for one, ended before the answer came. */
export const disconnected = (): ChatError => new ChatError('network', 'disconnected', 'later');

/** It was written before, by another page or for an earlier claim, or is gone: it must not be written now. */
export const claimed = (): ChatError => new ChatError('storage', 'claimed', 'no');

/** The same error, whose sentence names this besides. */
export const naming = ({ domain, code, retry, message, cause }: ChatError, about: Readonly<Record<string, string>>): ChatError => new ChatError(domain, code, retry, message, { cause, about });

/** The same error, which now says at which address it happened. */
export const located = (error: ChatError, service: string): ChatError => naming(error, { service, host: URL.canParse(service) ? new URL(service).host : service });

/** Anything that ended a connection, as one of our troubles. */
export const asTrouble = (thrown: unknown): ChatError => {
  if (thrown instanceof ChatError && isTrouble(thrown.code)) return thrown;
  // The constructor of WebSocket throws these two.
  if (thrown instanceof DOMException && thrown.name === 'SecurityError') return trouble('mixed-content', undefined, thrown);
  if (thrown instanceof DOMException && thrown.name === 'SyntaxError') return trouble('bad-service', undefined, thrown);
  return trouble('server-error', String(thrown), thrown);
};

/** What a screen says about it. */
export const problemOf = (error: ChatError, params: Readonly<Record<string, string>>): Problem => {
  const code = isTrouble(error.code) ? error.code : 'server-error';
  const action = TROUBLES[code][2];
  return { code, params: { ...params, ...error.about }, ...(action ? { action } : {}) };
};

/** RFC 6120 §4.9.3; what is not here is `server-error`. */
const CONDITIONS: Readonly<Record<string, Trouble>> = {
  conflict: 'conflict',
  'host-unknown': 'host-unknown',
  'host-gone': 'host-unknown',
  'improper-addressing': 'host-unknown',
  'see-other-host': 'redirected',
  'system-shutdown': 'server-shutdown',
  reset: 'server-shutdown',
  'resource-constraint': 'server-full',
  'policy-violation': 'policy-violation',
  'connection-timeout': 'connection-lost',
};

/** What a condition of RFC 6120 means, by a table; what is not in it is `otherwise`. */
export const explain = (element: XmlElement, ns: string, table: Readonly<Record<string, Trouble>>, otherwise: Trouble): ChatError => {
  const condition = elements(element)[0]?.name ?? 'nothing';
  const words = text(element, 'text', ns);
  return trouble(Object.hasOwn(table, condition) ? (table[condition] ?? otherwise) : otherwise, words ? `${condition}: ${words}` : condition);
};

/** What a stream error of the server means. */
export const streamTrouble = (element: XmlElement): ChatError => explain(element, NS.streamErrors, CONDITIONS, 'server-error');
