/** Names and passwords in the one form that both sides compare (RFC 4013, as far as the platform's NFKC goes). */
import { trouble } from '../trouble.js';

// RFC 3454 B.1: commonly mapped to nothing.
// eslint-disable-next-line no-misleading-character-class -- each stands for itself here
const NOTHING = /[\u00AD\u034F\u1806\u180B-\u180D\u200B-\u200D\u2060\uFE00-\uFE0F\uFEFF]/gu;
// RFC 3454 C.2, C.3, C.4, C.5, C.6, C.8: controls, private use, non-characters, surrogates, what changes the display.
const FORBIDDEN = /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u0340\u0341\u06DD\u070F\u180E\u200E\u200F\u2028-\u202E\u2061-\u2063\u206A-\u206F\uFFF9-\uFFFD]/u;

/** Throws ChatError auth/bad-characters for what must not be in a name or a password. */
export const prepare = (text: string): string => {
  const prepared = text.replace(/[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/gu, ' ').replace(NOTHING, '').normalize('NFKC');
  if (FORBIDDEN.test(prepared)) throw trouble('bad-characters');
  return prepared;
};
