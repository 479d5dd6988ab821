/** The login of RFC 6120 §6: which mechanisms are offered, and the exchange of one of them. */
import type { ChatError } from '../../base/errors.js';
import type { Stream } from '../stream.js';
import { child, children, content, is, NS, xml, type XmlElement } from '../xml.js';
import type { Mechanism } from './mechanism.js';

const ANSWERS: readonly string[] = ['challenge', 'success', 'failure'];
const isAnswer = (element: XmlElement): boolean => ANSWERS.some(name => is(element, name, NS.sasl));

/** What is in an element; an equal sign stands for nothing at all (§6.4.2). */
const dataOf = (element: XmlElement): string => content(element).trim().replace(/^=$/, '');

/** The names in a list of mechanisms. */
export const mechanismsIn = (list: XmlElement | undefined, ns: string): readonly string[] => (list ? children(list, 'mechanism', ns).map(element => content(element).trim()) : []);

export const offeredMechanisms = (features: XmlElement): readonly string[] => mechanismsIn(child(features, 'mechanisms', NS.sasl), NS.sasl);

/** Logs in. Rejects with a ChatError auth/…, for a failure with what `why` says of it, and leaves the stream as it is. */
export const authenticate = async (stream: Stream, mechanism: Mechanism, why: (failure: XmlElement) => ChatError): Promise<void> => {
  let answer = await stream.ask(xml('auth', { xmlns: NS.sasl, mechanism: mechanism.name }, (await mechanism.first()) || '='), isAnswer);
  while (answer.name === 'challenge') {
    const response = await mechanism.respond(dataOf(answer));
    answer = await stream.ask(xml('response', { xmlns: NS.sasl }, response), isAnswer);
  }
  if (answer.name === 'failure') throw why(answer);
  mechanism.finish(content(answer).trim() === '' ? undefined : dataOf(answer));
};
