/** The one place that hears what happens and every error, and the only one that may write to the console. */
import { toChatError, type ChatError } from './errors.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogEntry {
  readonly level: LogLevel;
  /** The floor, feature or plugin that speaks. */
  readonly owner: string;
  readonly text: string;
  readonly error?: ChatError;
}

/** Hears every log entry. Must not throw. */
export type LogSink = (entry: LogEntry) => void;

export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  /** Reports an error that was contained; the chat goes on. */
  report(error: unknown, text?: string): void;
  /** The same log under another owner's name. */
  for(owner: string): Log;
}

/** A log that hands each entry to all sinks. */
export const createLog = (owner: string, sink: LogSink): Log => ({
  debug: text => sink({ level: 'debug', owner, text }),
  info: text => sink({ level: 'info', owner, text }),
  warn: text => sink({ level: 'warn', owner, text }),
  report: (thrown, text) => {
    const error = toChatError(thrown);
    sink({ level: 'error', owner, text: text ?? error.message, error });
  },
  for: other => createLog(other, sink),
});

/** Writes a warning to the console: what `consoleSink` does, for the script tag, which carries nothing else. */
export const warnOnConsole = (owner: string, text: string): void => console.warn(`[stoa ${owner}] ${text}`);

/** Writes warnings and errors to the console; the rest only where `verbose` is set. */
export const consoleSink = (verbose = false): LogSink => ({ level, owner, text, error }) => {
  if (level === 'debug' || level === 'info') {
    if (verbose) console.debug(`[stoa ${owner}] ${text}`);
  } else if (level === 'warn') warnOnConsole(owner, text);
  else console.error(`[stoa ${owner}] ${text}`, error);
};
