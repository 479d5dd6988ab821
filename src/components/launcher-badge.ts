/** What the launcher has more of once the app is here: a chevron while the panel is open, and the number of unread messages. */
import { render } from 'lit/html.js';
import type { Words } from '../base/words.js';
import type { Launcher } from '../page-door/corner.js';
import { chevronDownIcon } from './icons.js';
import { css } from './sheet.js';

const MOST = 99;

export const launcherBadge: CSSStyleSheet = css`
  .corner button {
    transition: scale 180ms cubic-bezier(.2, 0, 0, 1);
  }
  .corner button:active {
    scale: .96;
  }
  .corner .chevron {
    position: absolute;
    display: grid;
  }
  .corner button:not(.pill) :is(slot, .chevron) {
    transition:
      opacity 180ms,
      transform 180ms cubic-bezier(.2, 0, 0, 1);
  }
  .corner slot {
    display: grid;
  }
  .corner button:not([aria-expanded='true']) .chevron,
  .corner button[aria-expanded='true']:not(.pill) slot {
    opacity: 0;
    transform: rotate(-60deg) scale(.5);
  }
  .corner .pill .chevron {
    display: none;
  }
  .badge {
    position: absolute;
    inset-block-start: -.4em;
    inset-inline-end: -.4em;
    box-sizing: border-box;
    min-inline-size: 1.6667em;
    padding-inline: .4em;
    border-radius: .8333em;
    background: var(--stoa-badge, #d6293e);
    box-shadow: 0 0 0 2px var(--ground);
    color: #fff;
    font-size: .8em;
    font-weight: 600;
    line-height: 1.6667;
    text-align: center;
  }
  .badge:empty {
    display: none;
  }
  @media (forced-colors: active) {
    .badge {
      border: 1px solid;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .corner button,
    .corner button :is(slot, .chevron) {
      transition: none !important;
    }
  }
  @media (max-width: 480px), (max-height: 480px) and (orientation: landscape) {
    .corner.open {
      visibility: hidden;
    }
  }
`;

export interface BadgedLauncher {
  readonly corner: HTMLElement;
  readonly button: HTMLButtonElement;
  /** `unread` is a number of messages. */
  update(state: { readonly label: string; readonly open: boolean; readonly unread: number; readonly words: Words; readonly dark: boolean }): void;
}

/** Adds both to a launcher, without touching what is there already: it may have focus. */
export const withBadge = ({ corner, button, update }: Launcher): BadgedLauncher => {
  const chevron = button.appendChild(document.createElement('span'));
  chevron.className = 'chevron';
  chevron.ariaHidden = 'true';
  render(chevronDownIcon, chevron);
  const badge = button.appendChild(document.createElement('span'));
  badge.className = 'badge';
  badge.ariaHidden = 'true';
  badge.part.add('badge');
  return {
    corner,
    button,
    update: ({ label, open, unread, words, dark }) => {
      const name = words.t(open ? 'close-chat' : 'open-chat');
      badge.textContent = unread === 0 || open ? '' : unread > MOST ? words.t('unread-at-least', { count: MOST }) : words.t('number', { count: unread });
      corner.classList.toggle('open', open);
      update({ label, name: unread > 0 && !open ? words.t('launcher-unread', { name, count: unread }) : name, open, busy: false, direction: words.direction, dark });
    },
  };
};
