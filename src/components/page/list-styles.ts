/** How the lists of the full client look: of conversations, and of people to write to. */
import { css } from '../sheet.js';

export const listStyles = css`
  .list-head {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding-block: 12px 8px;
    padding-inline: 16px 12px;
  }
  .list-head h2 {
    font-size: 1.0667em;
    font-weight: 600;
  }
  .button.add {
    position: relative;
    min-block-size: 2.4em;
    padding: 4px 16px;
    font-size: .9333em;
  }
  .button.add::after {
    content: '';
    position: absolute;
    inset: -4px;
  }

  stoa-conversation-list,
  stoa-new-chat {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
  }
  .rows,
  .choices {
    flex: 0 1 auto;
    min-block-size: 0;
    padding: 4px 8px 12px;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--stoa-muted) 45%, transparent) transparent;
  }
  .rows {
    flex: 1;
  }
  .row {
    position: relative;
    display: flex;
    align-items: center;
    gap: 12px;
    box-sizing: border-box;
    block-size: var(--stoa-row-height);
    padding-inline: 8px 10px;
    border-radius: 12px;
    color: var(--stoa-text);
    text-decoration: none;
    cursor: pointer;
    -webkit-user-drag: none;
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .row:hover {
    background: color-mix(in oklch, var(--stoa-text) 5%, transparent);
  }
  .row[aria-current='true'],
  .row[aria-selected='true'] {
    background: var(--stoa-selected);
  }
  .row[aria-current='true'] .presence,
  .row[aria-selected='true'] .presence {
    box-shadow: 0 0 0 2px var(--stoa-selected);
  }
  .row .avatar {
    inline-size: 3.0769em;
    block-size: 3.0769em;
  }
  .line {
    display: flex;
    align-items: baseline;
    gap: 8px;
    min-inline-size: 0;
    line-height: 1.4;
  }
  .line .name,
  .preview {
    text-align: match-parent;
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .line .name {
    font-weight: 600;
  }
  .line time {
    flex: none;
    color: var(--stoa-muted);
    font-size: .8em;
  }
  .preview {
    color: var(--stoa-muted);
    font-size: .8667em;
  }
  .preview:is(.typing, .draft) {
    color: var(--stoa-brand-text);
  }
  .row.unread .preview {
    color: var(--stoa-text);
    font-weight: 600;
  }
  .row.unread time {
    color: var(--stoa-brand-text);
    font-weight: 600;
  }
  .count {
    flex: none;
    align-self: center;
    box-sizing: border-box;
    min-inline-size: 1.6667em;
    padding-inline: .45em;
    border-radius: .8333em;
    background: var(--stoa-brand);
    color: var(--stoa-on-brand);
    font-size: .8em;
    font-weight: 600;
    line-height: 1.6667;
    text-align: center;
  }

  .new-chat {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
  }
  .new-chat .title-bar {
    padding-inline: 8px 16px;
    border-block-end: 0;
  }
  .search {
    flex: none;
    padding: 0 12px 8px;
  }
  .search input {
    inline-size: 100%;
    min-block-size: 2.6667em;
    padding: 6px 14px;
    border: 1px solid var(--stoa-border);
    border-radius: 1.3333em;
    background: var(--stoa-surface);
  }
  .search input::placeholder {
    color: var(--stoa-muted);
    opacity: 1;
  }
  .search input:focus-visible {
    border-color: var(--stoa-focus);
    outline: 1px solid var(--stoa-focus);
    outline-offset: 0;
  }
  .choices:empty {
    display: none;
  }
  .nothing {
    padding: 16px 20px;
    color: var(--stoa-muted);
    font-size: .9333em;
    text-align: center;
  }
  .nothing .strong {
    color: var(--stoa-text);
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .row[aria-current='true'],
    .row[aria-selected='true'] {
      border: 1px solid Highlight;
    }
    .count {
      border: 1px solid;
    }
  }
`;
