/** Every sentence that people read, in English, by key; a translation replaces the values, never the keys. */
import { firstWords } from './first-words.js';

/**
 * Sentences by key. A key that ends in `.one` is the singular of the key before it. A sentence for a code that only others know
 * (an error of a server) is looked up by ever shorter keys: `delivery-gone` falls back to `delivery`.
 */
export const english = {
  ...firstWords,
  'option-wrong': 'The option “{option}” is “{given}”: {allowed}.',
  'option-missing': 'The option “{option}” is missing: {allowed}.',

  'wrong-password': 'The server does not accept this address with this password. Check both and sign in again.',
  'account-disabled': 'This account is switched off. Ask the people who run {domain}.',
  'login-refused': '{domain} refused the login. Try again later, or ask the people who run it.',
  'login-unavailable': '{domain} cannot check logins at the moment. Try again later.',
  'guests-refused': '{domain} does not let guests in. Set the option “domain” to a host that does.',
  'no-mechanism': '{domain} offers no way to log in that can be used here. The people who run it can enable SCRAM.',
  'weaker-login': '{domain} suddenly offers only a weaker login than before, so nothing was sent. If that is intended, reload the page.',
  'unsafe-login': '{domain} asked for the login in an unsafe way, so it was stopped. Tell the people who run it.',
  'server-not-genuine': '{domain} could not prove that it knows this account, so the login was stopped. Tell the people who run it.',
  'bad-characters': 'The address or the password contains characters that cannot be used. Type them again.',
  'insecure-context': 'This page was not loaded over https, so the browser offers no safe way to log in. Open it over https.',
  'mixed-content': 'A page on https cannot use the unencrypted address {service}. Set the option “service” to a wss:// address.',
  'insecure-service': 'The address {service} is not encrypted, so nobody logs in there. Set the option “service” to a wss:// address.',
  'bad-service': 'The address {service} cannot be used. Set the option “service” to a wss:// address.',
  unreachable: '{host} cannot be reached. Check that the server is running and that the option “service” is right.',
  'certificate-or-unreachable': '{host} cannot be reached, or the browser does not trust its certificate. Open https://{host} in a tab to see which.',
  'time-out': '{host} does not answer. Check the network and try again.',
  'connection-lost': 'The connection was lost. Check the network if it does not come back.',
  'host-unknown': '{host} does not know the domain {domain}. Check the options “domain” and “service”.',
  conflict: 'The connection was taken over from elsewhere with the same address. Connect again to use it here.',
  redirected: '{domain} asks to use another server, which is not done unasked. Set the option “service” to its new address.',
  'server-shutdown': '{domain} is being restarted. Wait a little.',
  'server-full': '{domain} is too busy at the moment. Wait a little.',
  'policy-violation': '{domain} ended the connection because of one of its rules. If it happens again, ask the people who run it.',
  'server-error': '{domain} ended the connection because of an error. If it happens again, ask the people who run it.',
  'bad-data': '{domain} sent something that cannot be read, so the connection was closed. If it happens again, tell the people who run it.',

  unexpected: 'Something went wrong.',
  'try-again': 'Try again',
  'sign-in-again': 'Sign in again',
  'reload-page': 'Reload the page',
  back: 'Back',
  minimise: 'Minimise',
  you: 'You',

  conversation: 'Conversation with {name}',
  'presence-online': 'Online',
  'presence-away': 'Away',
  'presence-dnd': 'Do not disturb',
  'presence-offline': 'Offline',
  'typing-one': '{name} is typing…',
  'typing-two': '{name} and {other} are typing…',
  'typing-three': '{name}, {other} and {third} are typing…',
  'typing-many': 'Several people are typing…',
  typing: 'typing…',

  messages: 'Messages',
  'nothing-yet': 'No messages yet. Write the first one.',
  'loading-older': 'Loading older messages…',
  loading: 'Loading messages…',
  'new-line': 'New',
  'to-newest': 'To the newest messages',
  'to-newest-new': 'To the newest messages, {count} new',
  'pill-new': '{count} new',
  'pill-at-least': '{count}+ new',
  unreadable: 'This message cannot be read.',
  'show-all': 'Show all',
  'message-actions': 'Actions for this message',

  'state-queued': 'Waiting to be sent',
  'state-sending': 'Sending',
  'state-sent': 'Sent',
  'state-delivered': 'Delivered',
  'state-read': 'Read',
  'state-failed': 'Not sent',
  'state-unconfirmed': 'Not confirmed',
  unconfirmed: 'The connection broke while this was being sent, so it may or may not have arrived.',
  'send-again': 'Send again',
  delete: 'Delete',
  delivery: 'This could not be delivered.',
  'delivery-service-unavailable': 'This could not be delivered: the other side does not take messages now.',
  'delivery-recipient-unavailable': 'This could not be delivered: nobody is there to receive it.',
  'delivery-item-not-found': 'This could not be delivered: there is no such address.',
  'delivery-gone': 'This could not be delivered: this address is no longer used.',
  'delivery-jid-malformed': 'This could not be delivered: this is no valid address.',
  'delivery-forbidden': 'The server refused this: you may not write here.',
  'delivery-not-allowed': 'The server refused this: you may not write here.',
  'delivery-not-authorized': 'The server refused this: you may not write here.',
  'delivery-not-acceptable': 'The server refused this message.',
  'delivery-policy-violation': 'The server refused this: it is against its rules.',
  'delivery-remote-server-not-found': 'This could not be delivered: the other server was not found.',
  'delivery-remote-server-timeout': 'This could not be delivered: the other server does not answer.',
  'delivery-resource-constraint': 'This could not be delivered: the other side has no room for it or is busy. Try again later.',
  'delivery-not-sealed': 'This was not sent, as it could not be encrypted.',
  'delivery-seal-failed': 'This was not sent, as it could not be encrypted.',

  'write-to': 'Message to {name}',
  'write-placeholder': 'Message',
  send: 'Send',
  'sent-later': 'Will be sent when connected',
  'too-long': 'This message is too long: shorten it by about {count} characters.',
  'room-left': 'Room for about {count} characters.',
  'not-kept': 'This was not sent, as it could not be stored on this device. Try again.',
  'not-persistent': 'This conversation is gone when you close the page.',
  'cannot-reach': 'The chat cannot connect.',

  'said-one': '{name}: {text}',
  'said-many': '{count} new messages',

  'status-connecting': 'Connecting…',
  'status-connected': 'Connected',
  'status-offline': 'Offline. Messages will be sent later',
  'status-waiting': 'Reconnecting in {count} s',
  'status-reconnecting': 'Reconnecting',
  'try-now': 'Try now',

  number: '{count}',
  'dialog-name': 'Chat',
  'launcher-unread': '{name}, {count} unread',
  'chunk-not-loaded': 'A part of the chat could not be loaded. Probably the server was upgraded meanwhile.',
  storage: 'The chat cannot store anything on this device.',

  'sign-in': 'Sign in',
  'sign-in-to': 'Sign in to {domain}',
  'signing-in': 'Signing in…',
  'sign-out': 'Sign out',
  address: 'Address',
  'user-name': 'User name',
  password: 'Password',
  'show-password': 'Show password',
  'hide-password': 'Hide password',
  'address-missing': 'Write your address first.',
  'password-missing': 'Write your password first.',
  'bad-address': 'This is no address: it looks like ana@example.org.',

  account: 'Your account',
  conversations: 'Conversations',
  'loading-conversations': 'Loading conversations…',
  'new-chat': 'New chat',
  'no-conversations': 'No conversations yet',
  'no-conversations-hint': 'Write to somebody, or wait here for a message.',
  'nothing-chosen': 'Choose a conversation, or start a new one.',
  'preview-mine': 'You: {text}',
  'preview-draft': 'Draft: {text}',
  'row-unread': '{count} unread',
  'row-unread-at-least': 'at least {count} unread',
  'unread-at-least': '{count}+',
  contacts: 'Contacts',
  'loading-contacts': 'Loading contacts…',
  'name-or-address': 'Name or address',
  'write-to-address': 'Write to this address',
  'nobody-found': 'Nobody goes by this name. Write the whole address, such as ana@example.org.',
  'no-contacts': 'Write the address of somebody, such as ana@example.org.',
} as const;

export type WordKey = keyof typeof english;

/** The words of one reader. */
export interface Words {
  /** BCP 47 tag. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** The sentence of a key with its `{parameters}` filled in; a `count` chooses among `key` and its plural forms. An unknown key gives the general sentence for it. */
  t(key: string, params?: Readonly<Record<string, string | number>>): string;
}

const RIGHT_TO_LEFT: readonly string[] = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg'];

/** A usable tag for what a page gave; English where it is none. */
const canonical = (locale: string): Intl.Locale => {
  try {
    return new Intl.Locale(locale);
  } catch (error) {
    if (error instanceof RangeError) return new Intl.Locale('en');
    throw error;
  }
};

/** Keys may come from the network, so only own ones count. */
const own = (key: string): string | undefined => (Object.hasOwn(english, key) ? english[key as WordKey] : undefined);

const sentence = (key: string, form: string): string => {
  for (let shorter = key; shorter; shorter = shorter.slice(0, Math.max(0, shorter.lastIndexOf('-')))) {
    const found = own(`${shorter}.${form}`) ?? own(shorter);
    if (found !== undefined) return found;
  }
  return english.unexpected;
};

/** Words for a BCP 47 tag. A tag that is none is taken for English; numbers are written as the tag's readers write them. */
export const createWords = (locale: string): Words => {
  const tag = canonical(locale);
  const plural = new Intl.PluralRules('en');
  const numbers = new Intl.NumberFormat(tag.toString());
  return {
    locale: tag.toString(),
    direction: RIGHT_TO_LEFT.includes(tag.maximize().script ?? '') ? 'rtl' : 'ltr',
    t: (key, params = {}) => {
      const count = Object.hasOwn(params, 'count') ? params['count'] : undefined;
      return sentence(key, typeof count === 'number' ? plural.select(count) : 'other').replace(/\{(\w+)\}/gu, (_, name: string) => {
        const value = Object.hasOwn(params, name) ? params[name] : undefined;
        return typeof value === 'number' ? numbers.format(value) : (value ?? '');
      });
    },
  };
};
