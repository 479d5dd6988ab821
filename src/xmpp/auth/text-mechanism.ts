/** Mechanisms whose messages are texts, brought onto the wire. */
import { fromBase64, fromUtf8, toBase64, utf8 } from '../encoding.js';
import { trouble } from '../trouble.js';
import type { Mechanism } from './mechanism.js';

/** As `Mechanism`, with texts as they are before UTF-8 and base64. */
export interface TextMechanism extends Omit<Mechanism, 'first'> {
  first(): string;
}

const decode = (message: string): string => {
  const bytes = fromBase64(message);
  const text = bytes && fromUtf8(bytes);
  if (text === undefined) throw trouble('unsafe-login', 'its message cannot be read');
  return text;
};

const encode = (text: string): string => toBase64(utf8(text));

export const onWire = (mechanism: TextMechanism): Mechanism => ({
  name: mechanism.name,
  first: () => encode(mechanism.first()),
  respond: async challenge => encode(await mechanism.respond(decode(challenge))),
  finish: last => mechanism.finish(last === undefined ? undefined : decode(last)),
  get keys() {
    return mechanism.keys;
  },
});
