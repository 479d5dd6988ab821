/** How the full client looks: two columns, or one where the box is narrow; the element's own box counts, never the screen. */
import { css } from '../sheet.js';

export const pageStyles = css`
  stoa-page-view {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }
  stoa-page-view > * {
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  [dir='rtl'] svg.directional {
    transform: scaleX(-1);
  }
  .conversation .icon-button.back {
    margin-inline: -8px -8px;
  }
  .columns {
    display: grid;
    grid-template: minmax(0, 1fr) / var(--stoa-sidebar-width) minmax(0, 1fr);
  }
  .sidebar {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    border-inline-end: 1px solid var(--stoa-divider);
    background: var(--stoa-sidebar);
  }
  .sidebar .presence {
    box-shadow: 0 0 0 2px var(--stoa-sidebar);
  }
  .talk {
    min-block-size: 0;
    min-inline-size: 0;
  }
  .talk .icon-button.back {
    display: none;
  }
  .account {
    display: flex;
    flex: none;
    align-items: center;
    gap: 12px;
    min-block-size: 4em;
    padding-block: 4px;
    padding-inline: 16px 8px;
    border-block-end: 1px solid var(--stoa-divider);
  }
  .lines {
    flex: 1;
    min-inline-size: 0;
  }
  .account .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
    line-height: 1.3;
  }
  .account .status {
    color: var(--stoa-muted);
    font-size: .8667em;
    line-height: 1.3;
  }
  .button.quiet {
    background: none;
    color: var(--stoa-brand-text);
  }
  .button.quiet:hover {
    background: color-mix(in oklch, var(--stoa-brand-text) 8%, transparent);
  }
  .button.quiet:active {
    background: color-mix(in oklch, var(--stoa-brand-text) 14%, transparent);
  }
  .button.sign-out {
    min-block-size: 2.4em;
    padding: 4px 12px;
    font-size: .8667em;
  }
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
  .choices:empty,
  .sidebar [role='status']:not(.chip-place):empty {
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
  .talk > .stage {
    block-size: 100%;
  }
  /* Over the end of the list, where the list is all there is to see. */
  .sidebar {
    position: relative;
  }
  .sidebar .chip-place {
    display: none;
    inset-block: auto max(12px, env(safe-area-inset-bottom));
  }
  .talk .nothing {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 8px;
    box-sizing: border-box;
    block-size: 100%;
  }
  .talk .nothing > svg {
    inline-size: 2.6667em;
    block-size: 2.6667em;
    opacity: .5;
    stroke-width: 1.5;
  }
  .talk > .problem {
    margin: 24px;
  }
  .talk slot[name='empty'] {
    display: contents;
  }

  @container shell (inline-size < 720px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    .sidebar,
    .talk {
      grid-area: 1 / 1;
      border: 0;
    }
    .talk {
      animation: stoa-enter var(--stoa-motion) cubic-bezier(.2, 0, 0, 1);
    }
    [dir='rtl'] .talk {
      --way: -1;
    }
    /* The list keeps its place and its scroll position; a conversation that nobody sees must not count as read. */
    .columns.inside .sidebar {
      visibility: hidden;
    }
    .columns:not(.inside) .talk {
      display: none;
    }
    .sidebar .chip-place {
      display: flex;
    }
    .talk .icon-button.back {
      display: inline-grid;
    }
  }
  @keyframes stoa-enter {
    from {
      opacity: 0;
      transform: translateX(calc(24px * var(--way, 1)));
    }
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
