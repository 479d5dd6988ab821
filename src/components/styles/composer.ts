/** How the place to write looks. */
import { css } from '../sheet.js';

export const composer = css`
  .composer {
    max-inline-size: 760px;
    margin-inline: auto;
    padding: 4px 16px max(12px, env(safe-area-inset-bottom));
  }
  @container conversation (inline-size < 420px) {
    .composer {
      padding-inline: 12px;
    }
  }
  .composer .line {
    display: flex;
    align-items: flex-end;
    gap: 4px;
  }
  .composer .line .icon-button {
    margin-block: 4px;
  }
  .field {
    display: flex;
    align-items: flex-end;
    flex: 1;
    min-inline-size: 0;
    border: 1px solid var(--stoa-border);
    border-radius: 1.4667em;
    background: var(--stoa-surface);
    cursor: text;
    transition: border-color var(--stoa-motion);
  }
  .field:hover {
    border-color: var(--stoa-muted);
  }
  .field:has(textarea:focus) {
    border-color: var(--stoa-focus);
    box-shadow: 0 0 0 1px var(--stoa-focus);
  }
  .field:has([aria-invalid]) {
    border-color: var(--stoa-danger);
    box-shadow: 0 0 0 1px var(--stoa-danger);
  }
  .field textarea {
    flex: 1;
    field-sizing: content;
    inline-size: 0;
    min-block-size: calc(1.45em + 20px);
    max-block-size: calc(6 * 1.45em + 20px);
    padding: 10px 4px 10px 0;
    padding-inline: 16px 4px;
    border: 0;
    border-radius: inherit;
    outline: none;
    background: none;
    line-height: 1.45;
    resize: none;
    overflow-wrap: anywhere;
    scrollbar-width: thin;
  }
  .field textarea::placeholder {
    color: var(--stoa-muted);
    opacity: 1;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* Below 16 px a phone zooms into the field. */
  @media (pointer: coarse) {
    .field textarea {
      font-size: max(16px, 1em);
    }
  }
  .field .icon-button.send {
    margin: 3px;
    background: var(--stoa-bubble);
    color: var(--stoa-muted);
    transition: background var(--stoa-motion), color var(--stoa-motion);
  }
  .field .icon-button.send[data-ready] {
    background: var(--stoa-brand);
    color: var(--stoa-on-brand);
  }
  .field .icon-button.send[data-ready]:hover {
    background: color-mix(in oklch, var(--stoa-brand), var(--stoa-text) 8%);
  }
  .field .icon-button.send[data-ready]:active {
    background: color-mix(in oklch, var(--stoa-brand), var(--stoa-text) 14%);
  }
  .composer .error {
    padding: 4px 16px 8px;
    color: var(--stoa-danger);
    font-size: .8667em;
  }
  .composer .hint {
    position: relative;
    padding-inline: 16px;
    color: var(--stoa-muted);
    font-size: .8em;
    text-align: center;
  }
`;
