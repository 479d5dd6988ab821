/** How the messages of a conversation lie: the column that is scrolled, its days, the line “New”, and what stands there while there is nothing. */
import { css } from '../sheet.js';

export const timeline = css`
  stoa-timeline-view {
    position: relative;
    block-size: 100%;
  }
  .log {
    block-size: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
    /* The script is the one owner of the scroll position. */
    overflow-anchor: none;
    scroll-padding-block: 3em .8em;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--stoa-muted) 45%, transparent) transparent;
  }
  .column {
    position: relative;
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    min-block-size: 100%;
    max-inline-size: 760px;
    margin-inline: auto;
    padding: 4px 16px 0;
  }
  .older {
    display: grid;
    place-items: center;
    min-block-size: 2.7692em;
    color: var(--stoa-muted);
    font-size: .8667em;
  }
  .day {
    position: sticky;
    inset-block-start: 8px;
    z-index: 2;
    display: flex;
    justify-content: center;
    margin-block: 12px 8px;
    font-size: .8em;
    font-weight: 500;
    color: var(--stoa-muted);
    pointer-events: none;
  }
  .day span {
    padding: .25em .9em;
    border-radius: 1em;
    background: var(--stoa-surface);
    box-shadow: 0 0 0 1px var(--stoa-divider);
  }
  .fresh {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-block: 12px 8px;
    color: var(--stoa-brand-text);
    font-size: .8em;
    font-weight: 600;
  }
  .fresh::before,
  .fresh::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid currentColor;
    opacity: .5;
  }

  .pill {
    position: absolute;
    inset-block-end: 12px;
    inset-inline: 0;
    z-index: 2;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    inline-size: fit-content;
    min-inline-size: 2.7692em;
    block-size: 2.7692em;
    margin-inline: auto;
    padding-inline: .6em;
    border: 0;
    border-radius: 1.3846em;
    background: var(--stoa-surface);
    color: var(--stoa-brand-text);
    box-shadow: var(--stoa-shadow), 0 0 0 1px var(--stoa-divider);
    font-size: .8667em;
    font-weight: 600;
    cursor: pointer;
    animation: stoa-rise var(--stoa-motion) cubic-bezier(.2, 0, 0, 1);
  }
  .pill:not(:has(svg:only-child)) {
    padding-inline: .8em 1.1em;
  }
  .pill:hover {
    background: color-mix(in oklch, var(--stoa-brand-text) 8%, var(--stoa-surface));
  }
  .pill svg {
    inline-size: 1.3em;
    block-size: 1.3em;
  }

  .nothing-yet {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
    margin-block: auto;
    padding: 24px;
    text-align: center;
  }
  .nothing-yet .avatar {
    font-size: 1.6em;
    margin-block-end: 8px;
  }
  .nothing-yet p {
    color: var(--stoa-muted);
  }
  .column:has(.nothing-yet) {
    justify-content: space-between;
  }

  .skeleton {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    gap: 12px;
    max-inline-size: 760px;
    margin-inline: auto;
    padding: 0 16px 2.2667em;
    animation: stoa-fade var(--stoa-motion);
  }
  .skeleton i {
    inline-size: 46%;
    block-size: 2.5em;
    border-radius: var(--stoa-bubble-radius);
    background: var(--stoa-bubble);
  }
  .skeleton i:nth-child(2) {
    inline-size: 62%;
  }
  .skeleton i:nth-child(3) {
    inline-size: 38%;
    align-self: flex-end;
  }
  .skeleton i:nth-child(4) {
    inline-size: 56%;
    block-size: 4em;
    align-self: flex-end;
  }

  @container conversation (inline-size < 420px) {
    .column,
    .skeleton {
      padding-inline: 12px;
    }
  }
  @media (forced-colors: active) {
    .pill,
    .day span,
    .skeleton i {
      border: 1px solid CanvasText;
    }
  }
`;
