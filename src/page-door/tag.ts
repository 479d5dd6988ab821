/** The script tag that is being run, and what its owner wrote on it. */
import { optionNames } from './option-names.js';

/** The tag; must be called while the script runs. undefined: it runs as a module, or an element of the page goes by the name of the property. */
export const currentTag = (): HTMLScriptElement | undefined => {
  const current: unknown = document.currentScript;
  return current instanceof HTMLScriptElement && current.src ? current : undefined;
};

/** A chat element with the options of the tag; undefined if the tag has none. */
export const elementOfTag = (tag: HTMLScriptElement): HTMLElement | undefined => {
  const given = optionNames.filter(name => Object.hasOwn(tag.dataset, name));
  const element = document.createElement('stoa-chat');
  for (const name of given) element.setAttribute(name, tag.dataset[name] ?? '');
  return given.length > 0 ? element : undefined;
};

/** Puts the element where its mode belongs: a bubble at the end of the page, anything else right after its tag. */
export const place = (element: HTMLElement, tag: HTMLScriptElement): void => {
  const mode = element.getAttribute('mode');
  if (mode && mode !== 'bubble' && document.body.contains(tag)) tag.after(element);
  else document.body.append(element);
};
