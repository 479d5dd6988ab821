/** How one message looks: its bubble in its group, its text, time and ticks, its trouble, and what lies over it. */
import { css } from '../sheet.js';

export const message = css`
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

  @container conversation (inline-size < 420px) {
    .said {
      max-inline-size: 84%;
    }
  }
  @media (forced-colors: active) {
    .bubble:not(.emoji),
    .exact {
      border: 1px solid CanvasText;
    }
  }
`;
