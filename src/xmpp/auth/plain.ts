/** PLAIN (RFC 4616): the password itself, so only where nobody listens and nothing better was ever offered. */
import { trouble } from '../trouble.js';
import type { Mechanism } from './mechanism.js';
import { prepare } from './prepare.js';

/** Throws ChatError auth/bad-characters. */
export const plain = (username: string, password: string): Mechanism => {
  const response = `\0${prepare(username)}\0${prepare(password)}`;
  return {
    name: 'PLAIN',
    first: () => response,
    respond: () => Promise.reject(trouble('unsafe-login', 'PLAIN has no challenge')),
    finish: () => undefined,
  };
};
