/** A stage for parts of the screen: one shadow root with the styles that they have in the product, and a size. */
import { render, type TemplateResult } from 'lit/html.js';
import { createWords } from '../../src/base/words.js';
import { pageWords } from '../../src/base/words/page.js';
import { createScreen, type Screen } from '../../src/components/screen.js';
import { css } from '../../src/components/sheet.js';
import { styles } from '../../src/components/styles/index.js';
import { themes } from '../../src/components/themes.js';
import type { FakeChat } from './fake-chat.js';

export interface Stage {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly screen: Screen;
  /** Finds what must be there. */
  get(selector: string): HTMLElement;
  all(selector: string): readonly HTMLElement[];
  /** Draws something else in its place. */
  draw(template: (screen: Screen) => TemplateResult): void;
  /** Settles when nothing moves any more. */
  still(): Promise<void>;
  remove(): void;
}

export interface StageSize {
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  /** A media condition whose rules are to hold. */
  readonly media?: string;
}

const shape = css`
  :host {
    display: block;
  }
  .root {
    display: block;
    block-size: 100%;
  }
`;

/** Puts a part of the screen on a stage of its own at the top of the page. */
export const stage = (chat: FakeChat, template: (screen: Screen) => TemplateResult, { width = 400, height = 600, locale = 'en-GB', media }: StageSize = {}): Stage => {
  const words = createWords(locale, error => chat.report('words', error));
  // What the pieces of the full client say comes with the whole of it.
  words.add(pageWords);
  const screen = createScreen(chat, words);
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const colours = new CSSStyleSheet();
  colours.replaceSync(`:host{${Object.entries(themes.light).map(([name, value]) => `--_${name}:${value}`).join(';')}}`);
  root.adoptedStyleSheets = [...styles, shape, colours];
  const holding = new CSSStyleSheet();
  for (const rule of root.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules])) {
    if (rule instanceof CSSMediaRule && rule.conditionText === media) for (const inner of rule.cssRules) holding.insertRule(inner.cssText, holding.cssRules.length);
  }
  root.adoptedStyleSheets.push(holding);
  host.style.width = `${width}px`;
  host.style.height = `${height}px`;
  const inner = document.createElement('div');
  inner.className = 'root';
  inner.dir = screen.words.direction;
  root.append(inner);
  document.body.prepend(host);
  render(template(screen), inner);
  const get = (selector: string): HTMLElement => {
    const found = root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`There is no “${selector}” on the stage`);
    return found;
  };
  const still = async (): Promise<void> => {
    const ending = root.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map(({ finished }) => finished));
  };
  return { host, root, screen, get, all: selector => [...root.querySelectorAll<HTMLElement>(selector)], draw: other => void render(other(screen), inner), still, remove: () => host.remove() };
};
