/** What an element shows and does until its definition is there: the launcher, which loads the app, or says that it did not come. */
import { firstWords } from '../base/words/first.js';
import { createLauncher } from './launcher.js';
import { localeOf } from './locale.js';
import { isDark, watchScheme } from './scheme.js';

/** `trouble`: the app did not come, a click tries again · `lost`: nor did it then, a click loads the page anew. */
type State = 'waiting' | 'loading' | 'trouble' | 'lost';

export interface StandIn {
  /** Loads the app and, where that fails, says so. */
  wake(): void;
  /** Stops; what is drawn stays for the definition to take over. */
  stop(): void;
}

/** Looks after an element that has no definition yet. `load` rejects when the app did not come. */
export const createStandIn = (element: HTMLElement, load: () => Promise<unknown>): StandIn => {
  const bubble = (element.getAttribute('mode') || 'bubble') === 'bubble';
  const { corner, button, update } = createLauncher(element.shadowRoot ?? element.attachShadow({ mode: 'open' }));
  const listening = new AbortController();
  const { signal } = listening;
  let state: State = 'waiting';
  let failures = 0;

  const draw = (): void => {
    const failed = state === 'trouble' ? firstWords['not-loaded-again'] : state === 'lost' ? firstWords['not-loaded-reload'] : '';
    corner.hidden = !bubble && !failed;
    corner.classList.toggle('still', !bubble);
    update({
      label: failed || (element.getAttribute('label') ?? ''),
      name: failed ? '' : firstWords['open-chat'],
      open: false,
      busy: state === 'loading',
      direction: /^(ar|he|fa|ur|ps|sd|ug|yi|dv|ckb)\b/iu.test(localeOf(element)) ? 'rtl' : 'ltr',
      dark: isDark(element, element.getAttribute('theme')),
    });
  };
  const to = (next: State): void => {
    state = next;
    element.toggleAttribute('open', bubble && next === 'loading');
    draw();
  };
  const stop = (): void => {
    listening.abort();
    unwatch();
  };
  const bring = (): void =>
    void load().catch(() => {
      if (signal.aborted || state !== 'loading') return;
      // A second failure means that trying once more is of no use here.
      to(failures++ ? 'lost' : 'trouble');
      element.dispatchEvent(new CustomEvent('stoa-error', { bubbles: true, composed: true, detail: { code: 'not-loaded', message: firstWords['not-loaded-again'] } }));
    });
  const wake = (): void => {
    if (signal.aborted) return;
    to('loading');
    bring();
  };

  const unwatch = watchScheme(element, draw);
  void customElements.whenDefined('stoa-chat').then(stop);
  button.addEventListener('click', () => (state === 'lost' ? location.reload() : state === 'loading' ? to('waiting') : wake()), { signal });
  // Whoever is about to click may load the code a little earlier; nothing is stored or connected by it.
  for (const sign of ['pointerenter', 'pointerdown', 'focus']) button.addEventListener(sign, bring, { signal, once: true });
  if (!bubble || element.hasAttribute('open')) wake();
  else draw();
  return { wake, stop };
};
