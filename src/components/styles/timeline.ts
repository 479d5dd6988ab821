/** How messages look: bubbles, groups, days, times and ticks, and what lies over them. */
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

  .message {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    margin-block-start: 2px;
    border-radius: 12px;
  }
  .message.first {
    margin-block-start: 12px;
  }
  .day + .message.first,
  .fresh + .message.first {
    margin-block-start: 0;
  }
  .message.mine {
    align-items: flex-end;
  }
  .message:focus-visible {
    outline: none;
  }
  .message:focus-visible .bubble {
    outline: 2px solid var(--stoa-focus);
    outline-offset: 2px;
  }
  .message.several {
    padding-inline-start: 2.4em;
  }
  .message > .avatar {
    position: absolute;
    inset-block-end: 1.4em;
    inset-inline-start: 0;
    inline-size: 2.3333em;
    block-size: 2.3333em;
    font-size: .8em;
  }
  .sender {
    max-inline-size: 100%;
    padding-inline: 12px;
    margin-block-end: 2px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--stoa-muted);
    font-size: .8667em;
    font-weight: 600;
  }
  .said {
    position: relative;
    min-inline-size: 0;
    max-inline-size: min(78%, var(--stoa-message-max));
  }
  .bubble {
    --corner: .4em;
    padding: .5333em .8em;
    border-radius: var(--stoa-bubble-radius);
    background: var(--stoa-bubble);
    color: var(--stoa-on-bubble);
    overflow-wrap: anywhere;
  }
  .peer:not(.first) .bubble {
    border-start-start-radius: var(--corner);
  }
  .peer:not(.last) .bubble {
    border-end-start-radius: var(--corner);
  }
  .mine .bubble:not(.emoji) {
    background: var(--stoa-brand);
    color: var(--stoa-on-brand);
  }
  .mine:not(.first) .bubble {
    border-start-end-radius: var(--corner);
  }
  .mine:not(.last) .bubble {
    border-end-end-radius: var(--corner);
  }
  .bubble.emoji {
    padding: 2px 0;
    background: none;
    color: var(--stoa-text);
    font-size: 2.1333em;
    line-height: 1.2;
  }
  .text {
    white-space: pre-wrap;
    text-align: start;
  }
  .text a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: .15em;
    border-radius: 3px;
  }
  .peer .text a {
    color: var(--stoa-brand-text);
  }
  .mine .bubble :focus-visible {
    outline-color: currentColor;
    outline-offset: 1px;
  }
  .unreadable {
    display: flex;
    align-items: center;
    gap: 6px;
    font-style: italic;
    opacity: .85;
  }
  .unreadable svg {
    inline-size: 1.0667em;
    block-size: 1.0667em;
  }
  .link.more {
    display: block;
    margin-block-start: 4px;
    padding: 4px 0;
    text-underline-offset: .15em;
  }

  .meta {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 1.5em;
    padding-inline: 4px;
    margin-block-start: 2px;
    color: var(--stoa-muted);
    font-size: .8em;
    font-variant-numeric: tabular-nums;
  }
  .tick {
    display: inline-flex;
    align-items: center;
    gap: 3px;
  }
  .tick svg {
    inline-size: 1.25em;
    block-size: 1.25em;
    stroke-width: 2.25;
  }
  .tick.read {
    color: var(--stoa-brand-text);
  }
  .tick .disc {
    fill: currentColor;
    stroke: none;
  }
  .tick .cut {
    stroke: var(--stoa-surface);
  }
  .trouble {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: flex-end;
    gap: 2px 12px;
    max-inline-size: min(90%, var(--stoa-message-max));
    margin-block: 4px 8px;
    padding-inline: 4px;
    color: var(--stoa-danger);
    font-size: .8667em;
    text-align: end;
  }
  .trouble.unconfirmed {
    color: var(--stoa-warning);
  }
  .trouble p {
    display: flex;
    gap: 5px;
    flex-basis: 100%;
    justify-content: flex-end;
    text-align: start;
  }
  .trouble svg {
    inline-size: 1.25em;
    block-size: 1.25em;
    margin-block-start: .1em;
  }
  .trouble .link {
    color: var(--stoa-text);
    min-block-size: 24px;
  }
  .exact {
    position: absolute;
    inset-block-start: calc(100% + 6px);
    inset-inline-start: 0;
    z-index: 2;
    padding: .15em .7em;
    border-radius: .8em;
    background: var(--stoa-text);
    color: var(--stoa-surface);
    font-size: .8em;
    white-space: nowrap;
    pointer-events: none;
    /* A pointer that only passes by does not mean it. */
    animation: stoa-fade var(--stoa-motion) .6s both;
  }
  .mine .exact {
    inset-inline: auto 0;
  }
  .actions:has(stoa-contribution) {
    position: absolute;
    inset-block-end: calc(100% - .4em);
    inset-inline-end: 0;
    z-index: 2;
    display: flex;
    border-radius: 12px;
    background: var(--stoa-surface);
    box-shadow: var(--stoa-shadow);
    animation: stoa-fade var(--stoa-motion);
  }
  .mine .actions {
    inset-inline: 0 auto;
  }
  .arriving {
    animation: stoa-rise var(--stoa-motion) cubic-bezier(.2, 0, 0, 1);
  }
  @keyframes stoa-rise {
    from {
      opacity: 0;
      transform: translateY(10px);
    }
  }
  @keyframes stoa-fade {
    from {
      opacity: 0;
    }
  }

  stoa-typing {
    display: flex;
    align-items: center;
    flex: none;
    block-size: 2.2667em;
  }
  .dots {
    display: flex;
    align-items: center;
    gap: 4px;
    block-size: 1.8667em;
    padding-inline: .8em;
    border-radius: .9333em;
    background: var(--stoa-bubble);
    color: var(--stoa-muted);
    animation: stoa-fade var(--stoa-motion);
  }
  .dots i {
    inline-size: 6px;
    block-size: 6px;
    border-radius: 50%;
    background: currentColor;
    animation: stoa-dot 1.2s infinite ease-in-out;
  }
  .dots i:nth-child(2) {
    animation-delay: .15s;
  }
  .dots i:nth-child(3) {
    animation-delay: .3s;
  }
  .dots .word {
    display: none;
    font-size: .8667em;
  }
  @keyframes stoa-dot {
    0%, 60%, 100% {
      opacity: .45;
      transform: none;
    }
    30% {
      opacity: 1;
      transform: translateY(-3px);
    }
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
    .said {
      max-inline-size: 84%;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .dots i {
      display: none;
    }
    .dots .word {
      display: inline;
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .status-chip,
    .pill,
    .day span,
    .dots,
    .skeleton i,
    .exact {
      border: 1px solid CanvasText;
    }
    .bubble.emoji {
      border: 0;
    }
    .dots i {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
