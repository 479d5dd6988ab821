/** Ids that nobody can guess. */

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** A random id of 130 bits in lower-case base32; safe in XML, URLs and resources. */
export const randomId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(26)), byte => ALPHABET[byte & 31]).join('');

/** A short mark by which a text is known again, but not read (FNV-1a, 32 bits): for what outlives the name that it stands for. */
export const markOf = (text: string): string => Array.from(text).reduce((sum, sign) => Math.imul(sum ^ (sign.codePointAt(0) ?? 0), 0x1000193), 0x811c9dc5).toString(36);
