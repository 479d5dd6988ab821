/** The script tag: draws a button and knows an address; everything else is loaded when somebody wants to talk. */
import { warnOnConsole } from './base/log.js';
import { createHandle } from './page-door/handle.js';
import { createLoader } from './page-door/load-app.js';
import { isRunning, openQueue } from './page-door/queue.js';
import { createStandIn, type StandIn } from './page-door/stand-in.js';
import { currentTag, elementOfTag, place } from './page-door/tag.js';

const run = (tag: HTMLScriptElement): void => {
  const load = createLoader(new URL('./index.js', tag.src).href);
  const standIns = new Map<Element, StandIn>();
  const lookAfter = (element: HTMLElement): void => {
    if (!customElements.get('stoa-chat') && !standIns.has(element)) standIns.set(element, createStandIn(element, load));
  };
  const own = elementOfTag(tag);
  if (own) {
    place(own, tag);
    lookAfter(own);
  }
  const others = document.querySelectorAll<HTMLElement>('stoa-chat');
  others.forEach(lookAfter);
  const element = own ?? others[0];
  if (!element) {
    warnOnConsole('page', `${tag.src} has nothing to show: its tag needs data-to, or the page a <stoa-chat>.`);
    return;
  }
  // A page that swaps its body by script tears the bubble out: it puts itself back.
  const swaps = new MutationObserver(() => {
    if (own && !own.isConnected && document.body) document.body.append(own);
  });
  swaps.observe(document.documentElement, { childList: true });
  const closeQueue = openQueue(
    createHandle({
      element,
      ready: customElements.whenDefined('stoa-chat'),
      wake: () => standIns.get(element)?.wake(),
      ended: () => {
        swaps.disconnect();
        standIns.get(element)?.stop();
        // A function that waited in the queue may be what ends it.
        queueMicrotask(() => closeQueue());
      },
    }),
  );
};

const tag = currentTag();
if (!tag) warnOnConsole('page', 'stoa.js needs a classic <script src> tag, not a module.');
else if (!isRunning()) {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => run(tag), { once: true });
  else run(tag);
}
