/** The days of a timeline and the messages in them; a message is drawn anew only when something that it shows has changed. */
import { html } from 'lit/html.js';
import { guard } from 'lit/directives/guard.js';
import type { Message } from '../entities/message.js';
import type { Conversation } from '../model/conversation.js';
import type { Attention } from './attention.js';
import { keyed } from './keyed.js';
import type { Day } from './message-groups.js';
import { messageView, type MessageLook } from './message-view.js';
import { titleOf } from './names.js';
import type { Screen } from './screen.js';
import { bodyRenderers, messageActions, messageDecorations } from './slots.js';

export interface ListLook {
  readonly screen: Screen;
  readonly conversation: Conversation;
  readonly attention: Attention;
  /** Ids of long messages that are shown in full. */
  readonly expanded: ReadonlySet<string>;
  /** Ids of messages that have just come and may move in. */
  readonly arriving: ReadonlySet<string>;
}

/** Draws days. `messages` are those that are in them, in order. */
export const messageList = (days: readonly Day[], messages: readonly Message[], { screen, conversation, attention, expanded, arriving }: ListLook): unknown => {
  const { registry } = screen.chat;
  // What all of them depend on.
  const shared = [screen, screen.words.sentences.value, conversation, titleOf(conversation), registry.all(bodyRenderers).value, registry.all(messageDecorations).value, registry.all(messageActions).value];
  const stop = attention.stop(messages);
  const newestRead = messages.findLast(({ state }) => state === 'read')?.id;
  return keyed(
    days,
    ({ key }) => key,
    ({ time, rows }) => html`<section>
      <h3 class="day" part="day"><span>${screen.dates.day(time)}</span></h3>
      ${keyed(
        rows,
        ({ message }) => message.id,
        row => {
          const { id } = row.message;
          const look: MessageLook = {
            screen,
            conversation,
            stop: id === stop,
            focused: id === attention.focused,
            active: id === attention.active,
            expanded: expanded.has(id),
            arriving: arriving.has(id),
            newestRead: id === newestRead,
          };
          return guard([...shared, ...(Object.values(row) as unknown[]), ...(Object.values(look) as unknown[])], () => messageView(row, look));
        },
      )}
    </section>`,
  );
};
