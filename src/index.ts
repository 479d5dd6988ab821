/** The door for pages and bundlers: defines <stoa-chat>, makes chats by call, and fills the ports that the core leaves open. */
import { consoleSink, createLog } from './base/log.js';
import { ChatError } from './base/errors.js';
import { createCore } from './core.js';
import type { OptionsInput } from './core.js';
import type { Plugin } from './app/plugin.js';
import { browserEnvironment } from './components/browser-environment.js';
import type { MakeChat } from './components/chat-keeper.js';
import { StoaChatElement } from './components/chat-element.js';
import { define } from './components/define.js';
import type { PageChat } from './page-door/handle.js';
import { optionNames } from './page-door/option-names.js';

export { optionTable } from './core.js';
export type { OptionName, OptionsInput } from './core.js';
export type { Plugin, PluginState } from './app/plugin.js';
export type { StoaChatElement } from './components/chat-element.js';
export type { PageChat, PageEvents } from './page-door/handle.js';

const log = createLog('chat', consoleSink());

const make: MakeChat = (input, plugins) => {
  const { environment, dispose } = browserEnvironment(log);
  return { chat: createCore(input, { environment, log, plugins }), release: dispose };
};

define(
  'stoa-chat',
  class extends StoaChatElement {
    protected override readonly make = make;
    protected override readonly log = log;
  },
);

/** Options of a chat made by call. */
export interface ChatOptions extends OptionsInput {
  /** Where it is put: an element or a selector. The end of the page if not given, which is for bubbles only. */
  readonly target?: Element | string;
  readonly plugins?: readonly Plugin[];
}

/** Own properties only: a polluted prototype must not configure a chat. */
const own = <K extends keyof ChatOptions>(options: ChatOptions, name: K): ChatOptions[K] | undefined => (Object.hasOwn(options, name) ? options[name] : undefined);

const targetOf = (options: ChatOptions): Element => {
  const target = own(options, 'target');
  const mode = own(options, 'mode');
  const found = typeof target === 'string' ? document.querySelector(target) : target;
  if (found) return found;
  if (target === undefined && (!mode || mode === 'bubble')) return document.body;
  throw new ChatError('config', 'target-missing', 'user', `The option “target” is ${typeof target === 'string' ? `“${target}”` : 'missing'}: an element of the page is needed, or a selector of one.`);
};

/**
 * Puts a chat into the page and gives the element, which has its verbs. Wrong options are told on the element and in the console;
 * a target that is missing throws ChatError config/target-missing.
 */
export const createChat = (options: ChatOptions = {}): PageChat => {
  const target = targetOf(options);
  const element = document.createElement('stoa-chat');
  for (const name of optionNames) if (Object.hasOwn(options, name)) Object.assign(element, { [name]: options[name] });
  target.append(element);
  for (const plugin of own(options, 'plugins') ?? []) element.plugins.add(plugin).catch((error: unknown) => log.report(error));
  return element;
};
