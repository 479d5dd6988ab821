/** The options as properties of the element: each is the attribute of its name. */
import type { OptionName, OptionsInput, TokenSource } from '../app/config.js';
import { optionNames } from '../page-door/option-names.js';

/** A text, several of them where the option takes a list, or nothing. Reading gives the attribute's text or null. */
export type OptionProperties = { -readonly [K in OptionName]-?: OptionsInput[K] };

/** Sets the attribute of an option, or takes it away. */
export const setOption = (element: HTMLElement, name: OptionName, value: string | readonly string[] | null | undefined): void => {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, typeof value === 'string' ? value : [...value].join(' '));
};

/** Gives a class the properties, besides those that it has already. */
export const addOptionProperties = (prototype: HTMLElement): void => {
  for (const name of optionNames) {
    if (Object.hasOwn(prototype, name)) continue;
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        return this.getAttribute(name);
      },
      set(this: HTMLElement, value: Exclude<OptionsInput[OptionName], TokenSource>) {
        setOption(this, name, value);
      },
    });
  }
};

/** Hands on what a page has set on the element before it had its definition. */
export const takeEarlyProperties = (element: HTMLElement & OptionProperties): void => {
  for (const name of optionNames) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    Reflect.deleteProperty(element, name);
    Object.assign(element, { [name]: value });
  }
};

/** The options as the attributes of an element give them. */
export const optionsOf = (element: HTMLElement): OptionsInput => Object.fromEntries(optionNames.map(name => [name, element.getAttribute(name)]));
