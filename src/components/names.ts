/** What people are called on the screen. */
import { parseJid } from '../base/jid.js';
import type { Words } from '../base/words.js';
import { SELF } from '../entities/message.js';
import type { Conversation } from '../model/conversation.js';
import { visibleName } from './text.js';

/** The name of a conversation. Reading it while drawing subscribes. */
export const titleOf = ({ title, id }: Conversation): string => visibleName(title.value) || visibleName(id);

/** The name of whoever wrote a message, or of who is typing. */
export const senderName = (conversation: Conversation, sender: string, words: Words): string => {
  if (sender === SELF) return words.t('you');
  if (sender === conversation.id) return titleOf(conversation);
  const jid = parseJid(sender);
  return visibleName(jid?.resource || jid?.local || sender) || visibleName(sender);
};

/** “Alice is typing…”; undefined while nobody is. */
export const typingSentence = (names: readonly string[], words: Words): string | undefined => {
  const [name, other, third] = names;
  if (name === undefined) return undefined;
  if (other === undefined) return words.t('typing-one', { name });
  if (third === undefined) return words.t('typing-two', { name, other });
  return names.length === 3 ? words.t('typing-three', { name, other, third }) : words.t('typing-many');
};
