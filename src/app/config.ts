/** The one table of options: types and validation come from it. What a reader of the README wants to know besides stands in option-docs, as no page needs to load it. */
import { parseJid } from '../base/jid.js';
import type { Problem } from '../entities/status.js';

export type Mode = 'bubble' | 'inline' | 'page';
export type Auth = 'anonymous' | 'password' | 'token';
/** Gives a token that says who the visitor of the page is. */
export type TokenSource = () => Promise<string>;
export type Theme = 'auto' | 'light' | 'dark' | 'contrast';
export type StorageOption = 'local' | 'session' | 'none';

/** Options after validation: every one has a value. */
export interface Options {
  readonly mode: Mode;
  readonly domain: string;
  /** Addresses where the server listens, in the order in which they are tried; none: they are looked for. */
  readonly service: readonly string[];
  readonly to: string;
  readonly auth: Auth;
  /** Present when `auth` is `token`. */
  readonly token: TokenSource | undefined;
  /** Local part of the account that the token is for; empty: the token says so. */
  readonly username: string;
  /** How the token is given to the server. */
  readonly mechanism: 'oauthbearer' | 'plain';
  readonly theme: Theme;
  readonly locale: string;
  readonly storage: StorageOption;
  readonly label: string;
}
export type OptionName = keyof Options;

/** Options as a page gives them: attributes are text, a script may give lists, and a function where one is asked for. */
export type OptionsInput = { readonly [K in OptionName]?: string | readonly string[] | (K extends 'token' ? TokenSource : never) | null | undefined };

export interface OptionRow {
  readonly name: OptionName;
  /** All that is allowed, where that can be listed; the sentence for a wrong value of any other option says what is. */
  readonly values?: readonly string[];
  /** Reads a text; undefined: not allowed. */
  read(value: string): string | readonly string[] | undefined;
}

const oneOf = (...values: readonly string[]) => ({
  values,
  read: (value: string): string | undefined => (values.includes(value) ? value : undefined),
});

const address = (value: string): string | undefined => (value.length < 3072 ? parseJid(value)?.bare : undefined);
const services = (value: string): readonly string[] | undefined => {
  const list = value.split(/[\s,]+/u).filter(Boolean);
  return list.every(item => URL.canParse(item) && /^(?:wss?|https?):$/u.test(new URL(item).protocol)) ? list : undefined;
};

const language = (value: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/** In the order of the README. */
export const optionTable: readonly OptionRow[] = [
  { name: 'mode', ...oneOf('bubble', 'inline', 'page') },
  { name: 'domain', read: value => (value.includes('@') || value.includes('/') ? undefined : address(value)) },
  { name: 'service', read: services },
  { name: 'to', read: address },
  { name: 'auth', ...oneOf('anonymous', 'password', 'token') },
  // A function: no text is one.
  { name: 'token', read: () => undefined },
  { name: 'username', read: value => (/[@/]/u.test(value) ? undefined : parseJid(`${value}@x`)?.local) },
  { name: 'mechanism', ...oneOf('oauthbearer', 'plain') },
  { name: 'theme', ...oneOf('auto', 'light', 'dark', 'contrast') },
  { name: 'locale', read: language },
  { name: 'storage', ...oneOf('local', 'session', 'none') },
  { name: 'label', read: value => (value.length <= 40 ? value : undefined) },
];

/** What is not given; who logs in how, and where, follows from other options. */
const defaults = { mode: 'bubble', domain: '', service: [], to: '', auth: '', token: undefined, username: '', mechanism: 'oauthbearer', theme: 'auto', locale: '', storage: 'local', label: '' } as const satisfies Readonly<Record<OptionName, unknown>>;

const text = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value.trim() : Array.isArray(value) ? value.join(' ') : typeof value);

/** Validates options given by a page. Every wrong one becomes a problem that names it, what was given and what is allowed. */
export const readOptions = (input: OptionsInput): { readonly options: Options; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const options: Record<string, unknown> = { ...defaults };
  for (const row of optionTable) {
    // Own properties only: a polluted prototype must not configure a chat.
    const own: unknown = Object.hasOwn(input, row.name) ? input[row.name] : undefined;
    const given = text(own);
    if (!given) continue;
    const value = row.name === 'token' && typeof own === 'function' ? own : row.read(given);
    if (value === undefined) {
      const { name, values = [] } = row;
      problems.push({ code: `option-wrong-${name}`, params: { option: name, given: given.slice(0, 80), allowed: `${values.slice(0, -1).join(', ')} and ${values.at(-1)}` } });
    } else options[row.name] = value;
  }
  const result = options as unknown as Omit<Options, 'auth'> & { readonly auth: Auth | '' };
  const full: Options = {
    ...result,
    auth: result.auth || (result.mode === 'page' ? 'password' : 'anonymous'),
    domain: result.domain || (parseJid(result.to)?.domain ?? ''),
  };
  const missing = (option: OptionName): void => {
    problems.push({ code: `option-missing-${option}`, params: { option } });
  };
  const isWrong = (option: OptionName): boolean => problems.some(({ params }) => params?.['option'] === option);
  if (full.mode !== 'page' && !full.to && !isWrong('to')) missing('to');
  if (full.auth === 'token' && !full.token && !isWrong('token')) missing('token');
  if (full.auth === 'token' && full.mechanism === 'plain' && !full.username && !isWrong('username')) missing('username');
  return { options: full, problems };
};
