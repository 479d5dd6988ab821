/** Logs in (RFC 6120 §6): chooses the mechanism by strength, and runs its exchange. */
import type { ChatError } from '../../base/errors.js';
import { fromBase64, fromUtf8, toBase64, utf8 } from '../encoding.js';
import type { Stream } from '../stream.js';
import { loginTrouble, trouble } from '../trouble.js';
import { child, children, content, is, NS, xml, type XmlElement } from '../xml.js';
import { anonymous } from './anonymous.js';
import type { Credentials } from './credentials.js';
import type { Mechanism } from './mechanism.js';
import { plain } from './plain.js';
import { scram, SCRAM_HASHES } from './scram.js';

/** What a session remembers of its server's offers, so that nobody in between can talk it down. */
export interface LoginMemory {
  /** Rank of the strongest SCRAM ever offered; 0: none. */
  strongest: number;
}

/** The mechanism for an offer. Throws ChatError auth/guests-refused, no-mechanism, weaker-login, network/insecure-context. */
export const chooseMechanism = (offered: readonly string[], credentials: Credentials, memory: LoginMemory, secure: boolean): Mechanism => {
  if (credentials.kind === 'anonymous') {
    if (!offered.includes('ANONYMOUS')) throw trouble('guests-refused', offered.join(' '));
    return anonymous();
  }
  const { username, password } = credentials;
  const rank = SCRAM_HASHES.findLastIndex(hash => offered.includes(`SCRAM-${hash}`)) + 1;
  if (rank < memory.strongest) throw trouble('weaker-login', offered.join(' '));
  memory.strongest = rank;
  const hash = SCRAM_HASHES[rank - 1];
  // Without https a page has no WebCrypto; the password does not go out in its place.
  if (hash && !globalThis.crypto.subtle) throw trouble('insecure-context');
  if (hash) return scram(hash, username, password);
  if (!offered.includes('PLAIN') || !secure) throw trouble('no-mechanism', offered.join(' '));
  return plain(username, password);
};

const encode = (text: string): string => toBase64(utf8(text));

const decode = (element: XmlElement): string => {
  const text = content(element).trim();
  const bytes = fromBase64(text === '=' ? '' : text);
  const decoded = bytes && fromUtf8(bytes);
  if (decoded === undefined) throw trouble('unsafe-login', 'its message cannot be read');
  return decoded;
};

const SASL_ANSWERS: readonly string[] = ['challenge', 'success', 'failure'];
const isAnswer = (element: XmlElement): boolean => SASL_ANSWERS.some(name => is(element, name, NS.sasl));

const run = async (stream: Stream, mechanism: Mechanism): Promise<void> => {
  let answer = await stream.ask(xml('auth', { xmlns: NS.sasl, mechanism: mechanism.name }, encode(mechanism.first()) || '='), isAnswer);
  while (answer.name === 'challenge') {
    const response = await mechanism.respond(decode(answer));
    answer = await stream.ask(xml('response', { xmlns: NS.sasl }, encode(response)), isAnswer);
  }
  if (answer.name === 'failure') throw refused(answer, mechanism);
  mechanism.finish(content(answer).trim() === '' ? undefined : decode(answer));
};

/** A guest has no password that could be wrong. */
const refused = (failure: XmlElement, { name }: Mechanism): ChatError => {
  const error = loginTrouble(failure);
  return name === 'ANONYMOUS' && error.code !== 'login-unavailable' ? trouble('guests-refused', error.message) : error;
};

/** Logs in on a stream that offers `features`. Rejects with a ChatError auth/… and leaves the stream as it is. */
export const logIn = async (stream: Stream, features: XmlElement, credentials: Credentials, memory: LoginMemory): Promise<void> => {
  const mechanisms = child(features, 'mechanisms', NS.sasl);
  const offered = mechanisms ? children(mechanisms, 'mechanism', NS.sasl).map(element => content(element).trim()) : [];
  await run(stream, chooseMechanism(offered, credentials, memory, stream.isSecure()));
};
