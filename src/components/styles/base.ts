/** What every part of the screen stands on: text, focus rings, buttons and icons. Nothing is inherited from the page. */
import { css } from '../sheet.js';

export const base = css`
  :host([hidden]) {
    display: none !important;
  }
  /* Rules of the page reach the host and would be inherited; they end here. */
  .root {
    all: initial;
    box-sizing: border-box;
    color: var(--stoa-text);
    font: 400 var(--stoa-font-size) / 1.45 var(--stoa-font);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
    -webkit-tap-highlight-color: transparent;
    overflow-wrap: anywhere;
  }
  .root *,
  .root ::before,
  .root ::after {
    box-sizing: border-box;
  }
  :where(.root) :is(button, input, textarea) {
    margin: 0;
    font: inherit;
    letter-spacing: inherit;
    color: inherit;
  }
  :where(.root) :is(h1, h2, h3, p, ul, li) {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  :where(.root) a {
    color: inherit;
  }
  :where(.root) :focus-visible {
    outline: 2px solid var(--stoa-focus);
    outline-offset: 2px;
  }
  :where(.root) svg {
    inline-size: 1.3333em;
    block-size: 1.3333em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .hidden-text {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Drawn 36, hit 44. */
  .icon-button {
    position: relative;
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 2.4em;
    block-size: 2.4em;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--stoa-muted);
    cursor: pointer;
  }
  .icon-button::after {
    content: '';
    position: absolute;
    inset: -.2667em;
  }
  .icon-button:hover {
    background: color-mix(in oklch, currentColor 8%, transparent);
    color: var(--stoa-text);
  }
  .icon-button:active {
    background: color-mix(in oklch, currentColor 14%, transparent);
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 2.9333em;
    padding: .4em 1.3333em;
    border: 1px solid transparent;
    border-radius: 1.4667em;
    background: var(--stoa-brand);
    color: var(--stoa-on-brand);
    font-weight: 600;
    cursor: pointer;
  }
  .button:hover {
    background: color-mix(in oklch, var(--stoa-brand), var(--stoa-text) 8%);
  }
  .button:active {
    background: color-mix(in oklch, var(--stoa-brand), var(--stoa-text) 14%);
  }
  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .root,
    .root *,
    .root ::before,
    .root ::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
