/** The life of a session's connection: which states there are, what can happen in each, and where that leads; nothing is done here. */
import type { Status } from '../entities/status.js';

export type LifeState = Status['name'];

export type LifeEvent =
  /** A person or the page wants a connection. */
  | 'wanted'
  /** A person wants it at once. */
  | 'now'
  /** A person or the page wants none any more. */
  | 'unwanted'
  /** Stanzas may be sent. */
  | 'ready'
  /** The server was asked whether it is there. */
  | 'asked'
  /** It is. */
  | 'heard'
  /** The attempt failed or the connection broke, which may pass. */
  | 'lost'
  /** The same while the machine has no network. */
  | 'cut'
  /** The same, and it does not pass by itself. */
  | 'refused'
  /** The time of the next attempt has come. */
  | 'due'
  /** The machine has lost its network. */
  | 'unplugged'
  /** The machine has its network back. */
  | 'plugged'
  /** The page is put away. */
  | 'away'
  /** The page is back. */
  | 'woken';

/** Ends that only a person's wish leads out of. */
export const TERMINAL: readonly LifeState[] = ['idle', 'failed'];

const ENDS = { lost: 'waiting', cut: 'offline', refused: 'failed', away: 'sleeping', unwanted: 'idle' } as const;
const RESTS = { now: 'connecting', woken: 'connecting', unwanted: 'idle' } as const;

/** What is not here changes nothing. */
export const LIFE: Readonly<Record<LifeState, Readonly<Partial<Record<LifeEvent, LifeState>>>>> = {
  idle: { wanted: 'connecting', now: 'connecting' },
  connecting: { ready: 'online', ...ENDS },
  online: { asked: 'verifying', ...ENDS },
  verifying: { heard: 'online', ...ENDS },
  sleeping: RESTS,
  waiting: { due: 'connecting', unplugged: 'offline', away: 'sleeping', ...RESTS },
  offline: { due: 'connecting', plugged: 'waiting', away: 'sleeping', ...RESTS },
  failed: { wanted: 'connecting', now: 'connecting', unwanted: 'idle' },
};

/** Where an event leads; undefined: nowhere. */
export const lifeAfter = (state: LifeState, event: LifeEvent): LifeState | undefined => LIFE[state][event];
