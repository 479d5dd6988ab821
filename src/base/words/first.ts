/** The few sentences that must be there before anything is loaded; `common.ts` has them too. */

export const firstWords = {
  'open-chat': 'Open chat',
  'close-chat': 'Close chat',
  'not-loaded-again': 'The chat could not be loaded. Try again',
  'not-loaded-reload': 'The chat could not be loaded. Reload the page',
} as const;
