/** HT (draft-schmaus-kitten-sasl-ht): proves a token of the server, and has the server prove that it knows it too. */
import { fromBase64, toBase64, utf8 } from '../encoding.js';
import { trouble } from '../trouble.js';
import type { FastToken } from './login-memory.js';
import type { Mechanism } from './mechanism.js';
import { prepare } from './prepare.js';
import { equalBytes, hmac } from './scram.js';

/** Throws ChatError auth/bad-characters. */
export const tokenProof = (username: string, { token, mechanism }: FastToken): Mechanism => {
  const name = utf8(`${prepare(username)}\0`);
  const mac = (side: string): Promise<Uint8Array<ArrayBuffer>> => hmac('SHA-256', utf8(token), utf8(side));
  let expected: Uint8Array<ArrayBuffer> | undefined;
  return {
    name: mechanism,
    first: async () => {
      const [mine, theirs] = await Promise.all([mac('Initiator'), mac('Responder')]);
      expected = theirs;
      return toBase64(Uint8Array.from([...name, ...mine]));
    },
    respond: () => Promise.reject(trouble('unsafe-login', `${mechanism} has no challenge`)),
    finish: last => {
      const proof = fromBase64(last ?? '');
      if (!expected || !proof || !equalBytes(proof, expected)) throw trouble('server-not-genuine', 'it does not know the token');
    },
  };
};
