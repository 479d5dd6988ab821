/** Where the chat stands in the page in each of its modes, and what stands in for a conversation that is not there yet. */
import { css } from '../sheet.js';

export const shell = css`
  :host {
    all: initial;
    display: contents;
  }
  :host([mode='inline']) {
    display: block;
    box-sizing: border-box;
    block-size: var(--stoa-height, 100%);
    min-block-size: 300px;
    min-inline-size: 0;
  }
  :host([mode='page']) {
    display: block;
    box-sizing: border-box;
    block-size: var(--stoa-height, 100dvh);
    min-inline-size: 0;
  }
  .root {
    container: shell / inline-size;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    overflow: hidden;
    background: var(--stoa-surface);
  }
  .root[hidden] {
    display: none;
  }
  .root > * {
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .root:is(.in-inline, .in-page) {
    position: relative;
    block-size: 100%;
    inline-size: 100%;
  }
  .root.in-inline {
    border: 1px solid var(--stoa-divider);
    border-radius: min(var(--stoa-radius), 12px);
  }

  .root.in-bubble {
    position: fixed;
    z-index: var(--stoa-z);
    inset-block-end: calc(var(--stoa-inset-y) + env(safe-area-inset-bottom) + var(--stoa-launcher-size) + 12px);
    inset-inline-end: calc(var(--stoa-inset-x) + env(safe-area-inset-right));
    inline-size: min(var(--stoa-width), calc(100vw - 2 * var(--stoa-inset-x)));
    block-size: min(var(--stoa-height), calc(100dvh - var(--stoa-inset-y) - var(--stoa-launcher-size) - 36px));
    border-radius: var(--stoa-radius);
    box-shadow: var(--stoa-shadow);
    outline: none;
    transform-origin: 100% 100%;
    animation: stoa-open var(--stoa-motion) cubic-bezier(.2, 0, 0, 1);
  }
  .root.in-bubble[dir='rtl'] {
    transform-origin: 0 100%;
  }
  @keyframes stoa-open {
    from {
      opacity: 0;
      transform: scale(.96);
    }
  }
  @media (max-width: 480px), (max-height: 480px) and (orientation: landscape) {
    .root.in-bubble {
      inset: 0;
      inset-block-end: auto;
      inline-size: 100%;
      block-size: var(--_view-height, 100dvh);
      padding-block-start: env(safe-area-inset-top);
      border-radius: 0;
      translate: 0 var(--_view-top, 0);
      overscroll-behavior: contain;
    }
    /* Smaller ones make a phone zoom in. */
    .root :is(input, textarea) {
      font-size: max(16px, 1em);
    }
  }
  @media print {
    .root.in-bubble {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .root.in-bubble {
      border: 1px solid;
    }
  }

  stoa-talk-view {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }
  stoa-talk-view > * {
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .root .title-bar {
    display: flex;
    flex: none;
    align-items: center;
    gap: 12px;
    min-block-size: 4em;
    padding-block: 4px;
    padding-inline: 16px 12px;
    border-block-end: 1px solid var(--stoa-divider);
  }
  .title-bar h2 {
    flex: 1;
    font-size: 1.0667em;
    font-weight: 600;
    border-radius: 4px;
  }
  .root > .problem {
    flex: none;
    margin: 16px;
  }
  stoa-waiting {
    position: relative;
    display: block;
    flex: 1;
    overflow: hidden;
  }
`;
