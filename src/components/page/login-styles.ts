/** How the sign-in looks: one card, one column, labels above their fields. */
import { css } from '../sheet.js';

export const loginStyles = css`
  stoa-login {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }
  .login-place {
    display: grid;
    grid-template: 12% auto / minmax(0, 1fr);
    place-items: start center;
    flex: 1;
    min-block-size: 0;
    padding: 24px 16px;
    overflow: auto;
    background: var(--stoa-sidebar);
  }
  .login {
    display: flex;
    flex-direction: column;
    gap: 16px;
    box-sizing: border-box;
    inline-size: min(25.3333em, 100%);
    /* Not in the middle: the card would jump when an error makes it longer. */
    grid-row: 2;
    padding: 32px 28px 28px;
    border: 1px solid var(--stoa-divider);
    border-radius: var(--stoa-radius);
    background: var(--stoa-surface);
    box-shadow: var(--stoa-shadow);
  }
  .login h1 {
    margin-block-end: 4px;
    font-size: 1.4667em;
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -.01em;
    text-align: center;
  }
  .login .mark {
    display: grid;
    place-items: center;
    align-self: center;
    inline-size: 3.4667em;
    block-size: 3.4667em;
    border-radius: 1.0667em;
    background: var(--stoa-brand);
    color: var(--stoa-on-brand);
  }
  .login .mark svg {
    inline-size: 1.8667em;
    block-size: 1.8667em;
  }
  .login slot[name='brand'] {
    display: grid;
    justify-items: center;
  }
  .field-group label {
    display: block;
    margin-block-end: 6px;
    font-size: .8667em;
    font-weight: 600;
  }
  .input {
    display: flex;
    align-items: center;
    min-block-size: 2.9333em;
    border: 1px solid var(--stoa-border);
    border-radius: 10px;
    background: var(--stoa-surface);
    overflow: hidden;
  }
  .input:focus-within {
    border-color: var(--stoa-focus);
    box-shadow: inset 0 0 0 1px var(--stoa-focus);
  }
  .input.wrong {
    border-color: var(--stoa-danger);
  }
  .input.wrong:focus-within {
    box-shadow: inset 0 0 0 1px var(--stoa-danger);
  }
  .input input {
    flex: 1;
    min-inline-size: 0;
    align-self: stretch;
    padding: 8px 12px;
    border: 0;
    outline: none;
    background: none;
    border-radius: 0;
  }
  .suffix {
    flex: none;
    max-inline-size: 50%;
    padding-inline-end: 12px;
    color: var(--stoa-muted);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .input .show {
    flex: none;
    align-self: stretch;
    min-inline-size: 2.9333em;
    padding-inline: 12px;
    border: 0;
    border-radius: 9px;
    background: none;
    color: var(--stoa-brand-text);
    font-size: .8667em;
    font-weight: 600;
    cursor: pointer;
  }
  .input .show:focus-visible {
    outline-offset: -3px;
  }
  .input .show:hover {
    background: color-mix(in oklch, var(--stoa-brand-text) 8%, transparent);
  }
  .stay {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    column-gap: 10px;
    font-size: .8667em;
  }
  .stay input {
    inline-size: 1.3846em;
    block-size: 1.3846em;
    display: grid;
    place-content: center;
    margin: 0;
    border: 1px solid var(--stoa-border);
    border-radius: 5px;
    background: var(--stoa-surface);
    appearance: none;
  }
  .stay input:checked {
    border-color: var(--stoa-brand);
    background: var(--stoa-brand);
  }
  .stay input:checked::before {
    content: '';
    inline-size: .9em;
    block-size: .9em;
    background: var(--stoa-on-brand);
    clip-path: polygon(14% 44%, 0 58%, 38% 94%, 100% 24%, 86% 10%, 38% 66%);
  }
  @media (forced-colors: active) {
    .stay input {
      appearance: auto;
    }
  }
  .stay label {
    padding-block: 6px;
    font-weight: 600;
  }
  .stay .hint {
    grid-column: 2;
    color: var(--stoa-muted);
  }
  .error {
    margin-block-start: 6px;
    color: var(--stoa-danger);
    font-size: .8667em;
  }
  .login .button {
    margin-block-start: 4px;
  }
  .login .button[aria-disabled='true'] {
    cursor: progress;
    opacity: .8;
  }
  .login [role='alert']:empty,
  .login [role='alert']:not(:has(p)) {
    display: contents;
  }
  .spinner {
    inline-size: 1.2em;
    block-size: 1.2em;
    border: 2px solid currentColor;
    border-block-start-color: transparent;
    border-radius: 50%;
    animation: stoa-turn 1s linear infinite;
  }
  @keyframes stoa-turn {
    to {
      rotate: 1turn;
    }
  }
  @container shell (inline-size < 480px) {
    .login-place {
      padding: 0;
      background: var(--stoa-surface);
    }
    .login {
      border: 0;
      border-radius: 0;
      box-shadow: none;
      padding: 24px 20px;
      inline-size: 100%;
    }
  }
`;
