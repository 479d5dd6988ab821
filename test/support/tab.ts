/** A tab with the patience of a person: it looks until what it wants to press is there, in sight and at rest. */
import type { Driver } from './driver.js';
import { until } from './until.js';

export interface Tab extends Omit<Driver, 'click' | 'evaluate'> {
  /** Runs a function in the page; it sees nothing of the test but its arguments, which are plain data. */
  run<A extends readonly unknown[], R>(run: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  /** Waits until a function of the page gives something truthy, and gives it back. */
  until<A extends readonly unknown[], R>(what: string, run: (...args: A) => R, ...args: A): Promise<Exclude<Awaited<R>, undefined | null | false | 0 | ''>>;
  /** Presses the first element that fits once it is at rest and nothing lies over it; `host >>> inner` reaches into the shadow root of a host. */
  click(selector: string): Promise<void>;
  /** Waits until an element that fits is there. */
  sees(selector: string): Promise<void>;
  /** What the page says and complains of, for the sentence of a wait that was in vain. */
  describe(): Promise<string>;
  /** Puts the focus into a field and types. */
  fill(selector: string, text: string): Promise<void>;
}

const MISSING = 'nothing fits';

/** Where the middle of an element is, if a pointer pressed there would reach it; else what is in the way. Only `press` moves the page for it. Runs in the page. */
const target = (selector: string, press: boolean): { readonly x: number; readonly y: number } | string => {
  const element = selector.split('>>>').reduce<Element | null | undefined>((host, part) => (host === undefined ? document : host?.shadowRoot)?.querySelector(part) ?? null, undefined);
  if (!element) return 'nothing fits';
  if (press) element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  if (width === 0 || height === 0) return 'it has no size';
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return 'it is out of sight';
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const deeper = hit.shadowRoot.elementFromPoint(x, y);
    if (!deeper || deeper === hit) break;
    hit = deeper;
  }
  const reached = hit && (element.contains(hit) || hit.contains(element));
  return reached ? { x, y } : `${hit?.localName ?? 'nothing'} lies over it`;
};

/** The texts of the page and of all shadow roots, for the sentence of a wait that was in vain. */
const everything = (): string => {
  const texts = (root: Document | ShadowRoot): string =>
    [...root.querySelectorAll('*')].map(element => (element.shadowRoot ? texts(element.shadowRoot) : element.childElementCount === 0 && !/^(SCRIPT|STYLE)$/iu.test(element.localName) ? (element.textContent ?? '').trim() : '')).filter(Boolean).join(' | ');
  return `The page at ${location.href} says: ${texts(document).slice(0, 1500)}`;
};

/** Makes a tab of what a browser gives. */
export const makeTab = (driver: Driver): Tab => {
  const run = async <A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>> => (await driver.evaluate(`(${fn.toString()})(...${JSON.stringify(args)})`)) as Awaited<R>;
  /** The same while a page may be on its way out, which is an answer of its own: not yet. */
  const ask = async <A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R> | undefined> => {
    try {
      return await run(fn, ...args);
    } catch (error) {
      if (/context was destroyed|navigat|no such frame|DiscardedBrowsingContext/iu.test(String(error))) return undefined;
      throw error;
    }
  };
  const describe = async (): Promise<string> => `${await run(everything)} Complaints: ${driver.complaints.join(' / ') || 'none'}`;
  const tab: Tab = {
    open: url => driver.open(url),
    reload: () => driver.reload(),
    type: text => driver.type(text),
    press: (key, shift) => driver.press(key, shift),
    tells: driver.tells,
    ...(driver.devtools ? { devtools: driver.devtools } : {}),
    get complaints() {
      return driver.complaints;
    },
    ...(driver.crash ? { crash: driver.crash } : {}),
    ...(driver.freeze ? { freeze: driver.freeze } : {}),
    close: () => driver.close(),
    describe,
    run,
    until: async <A extends readonly unknown[], R>(what: string, fn: (...args: A) => R, ...args: A) => until(what, () => ask(fn, ...args), describe) as Promise<Exclude<Awaited<R>, undefined | null | false | 0 | ''>>,
    sees: async selector => void (await until(selector, async () => ((await ask(target, selector, false)) ?? MISSING) !== MISSING, describe)),
    click: async selector => {
      let last = '';
      const { x, y } = await until(
        `a press on ${selector}`,
        async () => {
          const now = await ask(target, selector, true);
          const before = last;
          last = JSON.stringify(now);
          // At rest: in the same place twice.
          return typeof now === 'object' && last === before ? now : undefined;
        },
        async () => `${last}. ${await describe()}`,
      );
      await driver.click(x, y);
    },
    fill: async (selector, text) => {
      await tab.click(selector);
      await driver.type(text);
    },
  };
  return tab;
};
