/** How it looks that somebody types. */
import { css } from '../sheet.js';

export const typing = css`
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

  @media (prefers-reduced-motion: reduce) {
    .dots i {
      display: none;
    }
    .dots .word {
      display: inline;
    }
  }
  @media (forced-colors: active) {
    .dots {
      border: 1px solid CanvasText;
    }
    .dots i {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
