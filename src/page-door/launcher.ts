/** The button in the corner: plain DOM, drawn by the script tag before anything is loaded, and taken over by the element as it stands. */
import { onBrand, parseComputed } from './colour.js';
import { launcherIn, PANEL_ID, type Corner, type Launcher } from './corner.js';

/* It stands outside of `.root`: the properties are the page's own or these defaults, which are those of the tokens (a test compares them). */
const css = `
.corner{all:initial;position:fixed;z-index:var(--stoa-z,1000);inset-block-end:calc(var(--stoa-inset-y,20px) + env(safe-area-inset-bottom));inset-inline-end:calc(var(--stoa-inset-x,20px) + env(safe-area-inset-right));font:400 var(--stoa-font-size,max(15px,.9375rem))/1.45 var(--stoa-font,system-ui,sans-serif);--fill:var(--stoa-brand,#3b5bdb);--ground:#fff;color:color-mix(in srgb,var(--fill),var(--fill))}
.corner.dark{--fill:var(--stoa-brand-dark,var(--stoa-brand,#91a7ff));--ground:#16181d}
.corner button{all:unset;box-sizing:border-box;position:relative;display:flex;align-items:center;justify-content:center;gap:.6em;--size:var(--stoa-launcher-size,3.7333em);min-inline-size:var(--size);min-block-size:var(--size);border:1px solid #fff1;border-radius:2em;background:var(--fill);color:var(--stoa-on-brand,var(--ink,#fff));font-weight:600;box-shadow:0 1px 2px #0002,0 8px 24px #0003;cursor:pointer}
.corner .pill{--size:3.2em;padding-inline:1.2em}
.corner button:hover{background:color-mix(in oklch,var(--fill),#000 8%)}
.corner button:focus-visible{outline:2px solid var(--fill);outline-offset:2px;box-shadow:0 0 0 2px var(--ground)}
.corner svg,.corner ::slotted(*){inline-size:1.6em;block-size:1.6em;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.corner [aria-busy]::after{content:'';position:absolute;inset:-6px;border:2px solid var(--fill);border-block-start-color:#0000;border-radius:2.4em}
@keyframes turn{to{rotate:1turn}}
@media (max-width:480px){.corner button{--size:min(var(--stoa-launcher-size,2.9333em),2.9333em)}}
@media not (prefers-reduced-motion){.corner ::after{animation:turn 1s linear infinite}}
.corner.still{position:static}
.corner[hidden]{display:none}
@media print{.corner{display:none}}`;

const make = (name: string, attributes: Readonly<Record<string, string>>, ...children: readonly Node[]): Element => {
  const element = /svg|path/u.test(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const attribute of Object.keys(attributes)) element.setAttribute(attribute, attributes[attribute] ?? '');
  element.append(...children);
  return element;
};

const BUBBLE = 'M12 4c-4.8 0-8.6 3.1-8.6 7 0 2.1 1.1 4 2.9 5.3l-.7 3.9 4-2c.8.1 1.6.2 2.4.2 4.8 0 8.6-3.1 8.6-7.2S16.8 4 12 4z';

const build = (): Element =>
  make('div', { class: 'corner' },
    make('button', { type: 'button', part: 'launcher', 'aria-haspopup': 'dialog', 'aria-controls': PANEL_ID },
      make('slot', { name: 'launcher-icon' }, make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, make('path', { d: BUBBLE }))),
      make('span', {})));

/** The launcher of a shadow root: the one that stands there, else a new one. Give it its first state at once. */
export const createLauncher = (root: ShadowRoot): Launcher => launcherIn(root) ?? draw(root);

const draw = (root: ShadowRoot): Launcher => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const ink = sheet.cssRules[sheet.insertRule('.corner{}')] as CSSStyleRule;
  root.adoptedStyleSheets.unshift(sheet);
  const corner = root.appendChild(build()) as Corner;
  const button = corner.querySelector('button') as HTMLButtonElement;
  const label = button.querySelector('span') as HTMLElement;
  const launcher: Launcher = {
    corner,
    button,
    update: state => {
      corner.dir = state.direction;
      corner.classList.toggle('dark', state.dark);
      button.classList.toggle('pill', state.label !== '');
      button.ariaExpanded = String(state.open);
      button.ariaLabel = [state.label, state.name].filter(Boolean).join(': ');
      button.ariaBusy = state.busy ? 'true' : null;
      label.hidden = !state.label;
      if (label.textContent !== state.label) label.textContent = state.label;
      // The browser says what colour the brand is, in whatever form the page gave it; a rule of the sheet passes strict pages.
      const fill = parseComputed(getComputedStyle(corner).color);
      if (fill) ink.style.setProperty('--ink', onBrand(fill));
    },
  };
  corner.launcher = launcher;
  return launcher;
};
