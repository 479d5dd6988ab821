/** How a conversation stands together: header, stage, what lies over it, and the card of a fatal error. */
import { css } from '../sheet.js';

export const conversation = css`
  stoa-conversation-view,
  stoa-conversation-header,
  stoa-composer,
  stoa-timeline-view {
    display: block;
    min-inline-size: 0;
  }
  stoa-outlet,
  stoa-contribution {
    display: contents;
  }
  stoa-conversation-view {
    block-size: 100%;
    min-block-size: 0;
  }
  .conversation {
    container: conversation / inline-size;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    min-block-size: 0;
    background: var(--stoa-surface);
    color: var(--stoa-text);
  }
  .conversation header {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 4em;
    padding-block: 4px;
    padding-inline: 16px 12px;
    border-block-end: 1px solid var(--stoa-divider);
  }
  .portrait {
    position: relative;
    flex: none;
    line-height: 0;
  }
  .names {
    flex: 1;
    min-inline-size: 0;
  }
  .names h2 {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 1.0667em;
    font-weight: 600;
    line-height: 1.3;
    border-radius: 4px;
  }
  .names .status {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--stoa-muted);
    font-size: .8667em;
    line-height: 1.3;
  }
  .names .status.typing {
    color: var(--stoa-brand-text);
  }

  .avatar {
    --hue: 265;
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 2.4615em;
    block-size: 2.4615em;
    border-radius: 50%;
    background: color-mix(in oklab, oklch(.66 .17 var(--hue)) 26%, var(--stoa-surface));
    color: var(--stoa-text);
    font-size: .8667em;
    font-weight: 600;
    line-height: 1;
    overflow: hidden;
    user-select: none;
  }
  .hue-1 {
    --hue: 310;
  }
  .hue-2 {
    --hue: 355;
  }
  .hue-3 {
    --hue: 40;
  }
  .hue-4 {
    --hue: 85;
  }
  .hue-5 {
    --hue: 140;
  }
  .hue-6 {
    --hue: 185;
  }
  .hue-7 {
    --hue: 225;
  }
  /* Shape before colour: full, half, barred, ring. */
  .presence {
    position: absolute;
    inset-block-end: -1px;
    inset-inline-end: -1px;
    inline-size: .6667em;
    block-size: .6667em;
    border: 0 solid var(--stoa-muted);
    border-radius: 50%;
    background: var(--stoa-success);
    box-shadow: 0 0 0 2px var(--stoa-surface);
    forced-color-adjust: none;
  }
  .presence:is(.away, .xa) {
    background: linear-gradient(var(--stoa-surface) 50%, var(--stoa-warning) 50%);
    border: 2px solid var(--stoa-warning);
  }
  .presence.dnd {
    background: linear-gradient(transparent 40%, var(--stoa-surface) 40% 60%, transparent 60%) var(--stoa-danger);
  }
  .presence.offline {
    background: var(--stoa-surface);
    border-width: 2px;
  }

  .stage {
    position: relative;
    flex: 1;
    min-block-size: 0;
  }
  .chip-place {
    position: absolute;
    inset-block-start: 8px;
    inset-inline: 8px;
    z-index: 3;
    display: flex;
    justify-content: center;
    outline: 0;
    pointer-events: none;
  }
  .status-chip {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: .3em;
    min-block-size: 2.4615em;
    padding: 2px 1.0769em;
    border-radius: 1.2308em;
    background: var(--stoa-text);
    color: var(--stoa-surface);
    box-shadow: var(--stoa-shadow);
    font-size: .8667em;
    font-weight: 500;
    text-align: center;
    pointer-events: auto;
    animation: stoa-appear var(--stoa-motion) cubic-bezier(.2, 0, 0, 1);
  }
  .status-chip:has(.cause) {
    max-inline-size: 30em;
    padding-block: 8px;
  }
  .status-chip .cause {
    flex-basis: 100%;
  }
  .link {
    position: relative;
    padding: 0 2px;
    border: 0;
    border-radius: 4px;
    background: none;
    color: inherit;
    font-weight: 600;
    text-decoration: underline;
    text-underline-offset: .2em;
    cursor: pointer;
  }
  /* Hit area. */
  .link::after {
    content: '';
    position: absolute;
    inset: -4px -2px;
  }
  .status-chip .link:focus-visible {
    outline-color: var(--stoa-surface);
    outline-offset: 1px;
  }
  @media (forced-colors: active) {
    .status-chip {
      border: 1px solid CanvasText;
    }
  }
  @keyframes stoa-appear {
    from {
      opacity: 0;
      transform: translateY(-6px);
    }
  }

  .problem {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: start;
    gap: 4px 12px;
    margin: 8px 12px max(12px, env(safe-area-inset-bottom));
    padding: 16px;
    border: 1px solid color-mix(in oklab, var(--stoa-danger) 40%, var(--stoa-surface));
    border-radius: 12px;
    background: color-mix(in oklab, var(--stoa-danger) 6%, var(--stoa-surface));
  }
  .problem > svg {
    color: var(--stoa-danger);
    margin-block-start: 1px;
  }
  .problem .button {
    grid-column: 2;
    justify-self: start;
    margin-block-start: 8px;
  }
`;
