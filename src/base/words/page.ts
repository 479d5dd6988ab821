/** What only the full client says. */

export const pageWords = {
  account: 'Your account',
  'sign-out': 'Sign out',
  'sign-out-unsent': 'Signing out removes what is stored of this account on this device. Messages that were not sent yet would be lost: {count}. Sign out all the same?',
  conversations: 'Conversations',
  'new-chat': 'New chat',
  'no-conversations': 'No conversations yet',
  'no-conversations-hint': 'Write to somebody, or wait here for a message.',
  'nothing-chosen': 'Choose a conversation, or start a new one.',
  'preview-mine': 'You: {text}',
  'preview-draft': 'Draft: {text}',
  'row-unread': '{count} unread',
  'row-unread-at-least': 'at least {count} unread',
  contacts: 'Contacts',
  'loading-contacts': 'Loading contacts…',
  'name-or-address': 'Name or address',
  'write-to-address': 'Write to this address',
  'nobody-found': 'Nobody goes by this name. Write the whole address, such as ana@example.org.',
  'no-contacts': 'Write the address of somebody, such as ana@example.org.',
} as const;
