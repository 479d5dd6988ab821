/** PLAIN (RFC 4616): the password itself, so only where nobody listens and nothing better was ever offered. */
import { trouble } from '../trouble.js';
import { prepare } from './prepare.js';
import type { TextMechanism } from './text-mechanism.js';

/** `name`: servers know the same message under other names too. Throws ChatError auth/bad-characters. */
export const plain = (username: string, password: string, name = 'PLAIN'): TextMechanism => {
  const response = `\0${prepare(username)}\0${prepare(password)}`;
  return {
    name,
    first: () => response,
    respond: () => Promise.reject(trouble('unsafe-login', `${name} has no challenge`)),
    finish: () => undefined,
  };
};
