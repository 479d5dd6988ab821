/** Logs in (RFC 6120 §6): chooses the mechanism by strength, and runs its exchange. */
import { chunk } from '../../base/chunk.js';
import type { ChatError } from '../../base/errors.js';
import { fromBase64, fromUtf8, toBase64, utf8 } from '../encoding.js';
import type { Stream } from '../stream.js';
import { loginTrouble, trouble } from '../trouble.js';
import { child, children, content, is, NS, xml, type XmlElement } from '../xml.js';
import { anonymous } from './anonymous.js';
import type { Credentials } from './credentials.js';
import type { LoginMemory } from './login-memory.js';
import type { Mechanism } from './mechanism.js';

/** The mechanism for an offer. What only accounts need is loaded by the first of them. Rejects with ChatError auth/guests-refused, chunk/chunk-not-loaded, or what `passwordMechanism` throws. */
const chooseMechanism = async (offered: readonly string[], credentials: Credentials, memory: LoginMemory, secure: boolean): Promise<Mechanism> => {
  if (credentials.kind === 'anonymous') {
    if (!offered.includes('ANONYMOUS')) throw trouble('guests-refused', offered.join(' '));
    return anonymous();
  }
  if (credentials.kind !== 'password') throw trouble('no-mechanism', offered.join(' '));
  const { passwordMechanism } = await chunk(import('./password.js'));
  return passwordMechanism(offered, credentials, memory, secure);
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
  await run(stream, await chooseMechanism(offered, credentials, memory, stream.isSecure()));
};
