/** One message: its bubble, its time and how far it got. Plain templates, as there are hundreds of them. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DeliveryState, Message } from '../entities/message.js';
import type { Conversation } from '../model/conversation.js';
import { avatar } from './avatar.js';
import { alertIcon, clockIcon, doubtIcon, lockIcon, readIcon, tickIcon, ticksIcon } from './icons.js';
import type { Row } from './message-groups.js';
import { senderName } from './names.js';
import type { Screen } from './screen.js';
import { outlet } from './slot-outlet.js';
import { bodyRenderers, messageActions, messageDecorations, type MessagePlace } from './slots.js';
import { isEmoji, textTemplate } from './text.js';

/** How a message is to be drawn now, besides what it says. */
export interface MessageLook {
  readonly screen: Screen;
  readonly conversation: Conversation;
  /** Whether it is the timeline's stop of the Tab key. */
  readonly stop: boolean;
  /** Whether focus is in it, so that its links and buttons are stops too. */
  readonly focused: boolean;
  /** Whether its actions and its exact time are shown. */
  readonly active: boolean;
  /** Whether a long text is shown in full. */
  readonly expanded: boolean;
  /** Whether it has just come and may move in. */
  readonly arriving: boolean;
  /** Whether it is the newest one that was read. */
  readonly newestRead: boolean;
}

const ICONS: Readonly<Record<DeliveryState, TemplateResult>> = {
  queued: clockIcon,
  sending: clockIcon,
  unconfirmed: doubtIcon,
  sent: tickIcon,
  failed: alertIcon,
  delivered: ticksIcon,
  read: readIcon,
};

/** From here on a text is cut until somebody asks for the rest. */
const LONG_TEXT = 2_000;
const LONG_LINES = 30;

/** The beginning of a long text; undefined if it is not long. Never half a character. */
const beginning = (body: string): string | undefined => {
  let end = Math.min(body.length, LONG_TEXT);
  for (let line = 0, at = -1; line < LONG_LINES; line += 1) {
    at = body.indexOf('\n', at + 1);
    if (at < 0 || at >= end) break;
    if (line === LONG_LINES - 1) end = at;
  }
  if (end === body.length) return undefined;
  const last = body.charCodeAt(end - 1);
  return body.slice(0, last >= 0xd800 && last < 0xdc00 ? end - 1 : end);
};

const iso = (time: number): string => {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

const textBody = ({ body, id }: Message, { screen: { words }, focused, expanded }: MessageLook): TemplateResult => {
  if (body === null) return html`<p class="unreadable">${lockIcon} ${words.t('unreadable')}</p>`;
  const part = expanded ? undefined : beginning(body);
  // prettier-ignore
  return html`<p class="text" dir="auto">${textTemplate(part ?? body, focused)}${part === undefined ? '' : '…'}</p>${part === undefined
    ? nothing
    : html`<button class="link more" data-act="expand" aria-describedby="b-${id}" tabindex=${focused ? nothing : '-1'}>${words.t('show-all')}</button>`}`;
};

/** What went wrong with an own message, and what can be done. */
const trouble = ({ state, error }: Message, { screen: { words }, focused }: MessageLook): TemplateResult => html`
  <div class="trouble ${state}">
    <p>${state === 'failed' ? alertIcon : doubtIcon}<span>${words.t(state === 'failed' ? `delivery-${error?.code ?? ''}` : 'unconfirmed')}</span></p>
    <button class="link" data-act="retry" tabindex=${focused ? nothing : '-1'}>${words.t(state === 'failed' ? 'try-again' : 'send-again')}</button>
    <button class="link" data-act="discard" tabindex=${focused ? nothing : '-1'}>${words.t('delete')}</button>
  </div>
`;

const meta = ({ time, state, id }: Message, { screen: { words, dates }, newestRead }: MessageLook, troubled: boolean): TemplateResult => html`
  <div class="meta" id="t-${id}">
    <time part="time" datetime=${iso(time)}>${dates.clock(time)}</time>
    ${state && !troubled
      ? html`<span class="tick ${state}" part="ticks">${ICONS[state]}<span class=${newestRead ? '' : 'hidden-text'}>${words.t(`state-${state}`)}</span></span>`
      : nothing}
  </div>
`;

/** Exact time and actions of the message that has the reader's attention. */
const extras = ({ time }: Message, { screen }: MessageLook, place: MessagePlace): TemplateResult => html`
  <div class="actions" role="group" aria-label=${screen.words.t('message-actions')}>${outlet(screen, messageActions, place)}</div>
  <span class="exact" aria-hidden="true">${screen.dates.full(time)}</span>
`;

/** Draws a message. Callers see to it that it runs only when something that it reads has changed. */
export const messageView = ({ message, first, last, fresh }: Row, look: MessageLook): TemplateResult => {
  const { screen, conversation, stop, active, arriving } = look;
  const { words, dates } = screen;
  const { id, mine, sender, state, body, time } = message;
  const name = senderName(conversation, sender, words);
  const several = !mine && sender !== conversation.id;
  const troubled = state === 'failed' || state === 'unconfirmed';
  const place: MessagePlace = { words, dates, conversation, message };
  const label = last ? name : `${name}, ${dates.clock(time)}${state ? `, ${words.t(`state-${state}`)}` : ''}`;
  const classes = ['message', mine ? 'mine' : 'peer', first && 'first', last && 'last', several && 'several', arriving && 'arriving'].filter(Boolean).join(' ');
  return html`${fresh ? html`<div class="fresh"><span>${words.t('new-line')}</span></div>` : nothing}
    <article class=${classes} part="message" data-id=${id} tabindex=${stop ? '0' : '-1'} aria-labelledby=${`w-${id} b-${id}${last ? ` t-${id}` : ''}`}>
      <span class="hidden-text" id="w-${id}">${label}</span>
      ${several && first ? html`<div class="sender" aria-hidden="true"><bdi>${name}</bdi></div>` : nothing}
      <div class="said">
        <div class=${body !== null && isEmoji(body) ? 'bubble emoji' : 'bubble'} part="bubble" id="b-${id}">${outlet(screen, bodyRenderers, place, textBody(message, look))}</div>
        ${active ? extras(message, look, place) : nothing}
      </div>
      ${outlet(screen, messageDecorations, place)} ${troubled ? trouble(message, look) : nothing} ${last ? meta(message, look, troubled) : nothing}
      ${several && last ? avatar(name, sender) : nothing}
    </article>`;
};
