/** Every sentence that people read, in English, by key; a translation replaces the values, never the keys. */

export const english = {
  'option-wrong': 'The option “{option}” is “{given}”: {allowed}.',
  'option-missing': 'The option “{option}” is missing: {allowed}.',
} as const;

export type WordKey = keyof typeof english;
