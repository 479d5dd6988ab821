/** How the full client stands: two columns, or one where the box is narrow; the element's own box counts, never the screen. */
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
  .sidebar [role='status']:not(.chip-place):empty {
    display: none;
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
`;
