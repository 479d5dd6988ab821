/** The names of the options, for the tag, which carries nothing else of their table. A test compares them with it. */
import type { OptionName } from '../app/config.js';

export const optionNames = ['mode', 'domain', 'service', 'to', 'auth', 'token', 'username', 'mechanism', 'theme', 'locale', 'storage', 'label'] as const satisfies readonly OptionName[];
