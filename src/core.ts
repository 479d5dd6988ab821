/** The headless door: puts together everything that needs no screen. */
import { createChat, type Chat } from './app/chat.js';
import { readOptions, type OptionsInput } from './app/config.js';
import type { Plugin } from './app/plugin.js';
import { headlessEnvironment, type Environment } from './base/environment.js';
import { consoleSink, createLog, type Log } from './base/log.js';
import { featuresFor } from './features/features.js';

export type { Chat, SignInState } from './app/chat.js';
export { optionTable, readOptions } from './app/config.js';
export type { Options, OptionsInput, OptionName } from './app/config.js';
export type { ChatEvents } from './app/events.js';
export type { Plugins } from './app/plugin-host.js';
export type { Environment } from './base/environment.js';
export { ChatError } from './base/errors.js';
export { consoleSink, createLog } from './base/log.js';
export type { Log } from './base/log.js';
export type { Conversation } from './model/conversation.js';
export type { Model } from './model/model.js';
export type { Timeline } from './model/timeline.js';
export type { Message, DeliveryState } from './entities/message.js';
export type { Problem, Status } from './entities/status.js';

/** What a chat without a screen needs besides its options; everything has a default. */
export interface CoreParts {
  readonly environment?: Environment;
  readonly log?: Log;
  readonly plugins?: readonly Plugin[];
  /** Name of the database, `stoa` if not given. */
  readonly database?: string;
  readonly WebSocket?: typeof WebSocket;
}

/** Makes a chat without a screen. Bad options do not throw; they are in `chat.problems`. */
export const createCore = (input: OptionsInput, { environment = headlessEnvironment(), log = createLog('chat', consoleSink()), plugins = [], database = 'stoa', WebSocket }: CoreParts = {}): Chat => {
  const { options, problems } = readOptions(input);
  return createChat({ options, problems, plugins: [...featuresFor(options.auth), ...plugins], environment, log, database, ...(WebSocket ? { WebSocket } : {}) });
};
