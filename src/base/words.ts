/** Every sentence that people read, in English, by key; a translation replaces the values, never the keys. */

export const english = {
  'option-wrong': 'The option “{option}” is “{given}”: {allowed}.',
  'option-missing': 'The option “{option}” is missing: {allowed}.',
} as const;

export type WordKey = keyof typeof english;

/** The words of one reader. */
export interface Words {
  /** BCP 47 tag. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** The sentence of a key with its `{parameters}` filled in; a `count` chooses among `key` and its plural forms. An unknown key gives the general sentence for it. */
  t(key: string, params?: Readonly<Record<string, string | number>>): string;
}

export const createWords = (locale: string): Words => {
  throw new Error(locale);
};
