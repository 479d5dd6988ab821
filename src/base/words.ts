/** Every sentence that people read, in English, by key; a translation replaces the values, never the keys. The sentences themselves are in words/. */
import { signal, type ReadonlySignal } from './signal.js';
import { commonWords } from './words/common.js';
import type { loginWords } from './words/login.js';
import type { pageWords } from './words/page.js';
import type { troubleWords } from './words/trouble.js';

export type WordKey = keyof (typeof commonWords & typeof loginWords & typeof pageWords & typeof troubleWords);

/** Sentences by key. */
export type Sentences = Readonly<Partial<Record<WordKey, string>>>;

/** The words of one reader. */
export interface Words {
  /** BCP 47 tag. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** All sentences so far, by key. */
  readonly sentences: ReadonlySignal<Readonly<Record<string, string>>>;
  /**
   * The sentence of a key with its `{parameters}` filled in. A key that is not there may be one of the sentences for troubles, which are loaded
   * then: who draws reads a signal with it. What nobody knows (an error of a server) is looked up by ever shorter keys:
   * `delivery-some-condition` falls back to `delivery`. While nothing is known at all, the sentence is empty.
   */
  t(key: string, params?: Readonly<Record<string, string | number>>): string;
  /** Takes the sentences that a part of the screen brings along. */
  add(more: Sentences): void;
}

const RIGHT_TO_LEFT: readonly string[] = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg'];

/** A usable tag for what a page gave; English where it is none. */
const canonical = (locale: string): Intl.Locale => {
  try {
    return new Intl.Locale(locale);
  } catch (error) {
    if (error instanceof RangeError) return new Intl.Locale('en');
    throw error;
  }
};

/** Words for a BCP 47 tag. A tag that is none is taken for English; numbers are written as the tag's readers write them. `onError` hears why sentences could not be loaded. */
export const createWords = (locale: string, onError: (error: unknown) => void, load = () => import('./words/trouble.js')): Words => {
  const tag = canonical(locale);
  const numbers = new Intl.NumberFormat(tag.toString());
  const sentences = signal<Readonly<Record<string, string>>>(commonWords);
  let troubles: 'missing' | 'loading' | 'settled' = 'missing';

  const add = (more: Sentences): void => {
    sentences.value = { ...sentences.peek(), ...more };
  };
  const loadTroubles = async (): Promise<void> => {
    troubles = 'loading';
    const more = await load().catch(onError);
    troubles = 'settled';
    // Also without anything new: what was left empty is drawn again.
    add(more?.troubleWords ?? {});
  };
  const sentence = (key: string): string => {
    const all = sentences.value;
    // Keys may come from the network, so only own ones count.
    if (troubles === 'missing' && !Object.hasOwn(all, key)) void loadTroubles();
    for (let shorter = key; shorter; shorter = shorter.slice(0, Math.max(0, shorter.lastIndexOf('-')))) {
      const found = Object.hasOwn(all, shorter) ? all[shorter] : undefined;
      if (found !== undefined) return found;
    }
    return troubles === 'settled' ? commonWords.unexpected : '';
  };
  return {
    locale: tag.toString(),
    direction: RIGHT_TO_LEFT.includes(tag.maximize().script ?? '') ? 'rtl' : 'ltr',
    sentences,
    t: (key, params = {}) =>
      sentence(key).replace(/\{(\w+)\}/gu, (_, name: string) => {
        const value = Object.hasOwn(params, name) ? params[name] : undefined;
        return typeof value === 'number' ? numbers.format(value) : (value ?? '');
      }),
    add,
  };
};
