/** The options as properties of the element: each is the attribute of its name. */
import type { OptionName, OptionsInput } from '../app/config.js';
import { optionNames } from '../page-door/option-names.js';

/** A text, several of them where the option takes a list, or nothing. Reading gives the attribute's text or null. */
export type OptionProperties = { -readonly [K in OptionName]-?: OptionsInput[K] };

/** Gives a class the properties. */
export const addOptionProperties = (prototype: HTMLElement): void => {
  for (const name of optionNames) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        return this.getAttribute(name);
      },
      set(this: HTMLElement, value: OptionsInput[OptionName]) {
        if (value === null || value === undefined) this.removeAttribute(name);
        else this.setAttribute(name, typeof value === 'string' ? value : [...value].join(' '));
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
    element[name] = value;
  }
};

/** The options as the attributes of an element give them. */
export const optionsOf = (element: HTMLElement): OptionsInput => Object.fromEntries(optionNames.map(name => [name, element.getAttribute(name)]));
