/** Ids that nobody can guess. */

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** A random id of 130 bits in lower-case base32; safe in XML, URLs and resources. */
export const randomId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(26)), byte => ALPHABET[byte & 31]).join('');
