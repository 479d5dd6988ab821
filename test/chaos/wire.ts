/** A wire with every fault that networks have: cut, slow, deaf on both ends without a word, closed for all. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { wholeFrames } from './frames.js';
import { countStreams, type WireStreams } from './stream-count.js';

export interface FaultyWire {
  readonly port: number;
  /** How many connections were ever asked for. */
  readonly asked: number;
  /** How many are open now. */
  readonly open: number;
  /** What passed of streams. */
  readonly streams: WireStreams;
  /** Cuts all connections without a word, but for deaf ones: nobody hears of those any more. */
  cut(): void;
  /** From now on everything takes this long in each direction, in milliseconds; what is under way keeps its own delay, and the order stays. */
  delay(up: number, down: number): void;
  /** All connections that are open go deaf both ways for good: what is written vanishes, and nobody is told. New connections are whole. */
  deafen(): void;
  /** Ends every new connection at once, and cuts the old ones. */
  refuse(refusing: boolean): void;
  stop(): Promise<void>;
}

/** A server has read by then what was in its buffers. */
const READ_ON_MS = 3_000;

interface Pair {
  readonly browser: Socket;
  readonly server: Socket;
  deaf: boolean;
  /** It was cut: nothing passes any more. */
  over: boolean;
}

/**
 * Starts a wire to a port of this machine. `up` is towards the server, which gets WebSocket frames whole or not at all: Prosody 0.12 puts half a frame
 * of a broken connection before the first one of the connection that resumes its session, and ends that as not well-formed.
 */
export const startFaultyWire = async (target: number): Promise<FaultyWire> => {
  const pairs = new Set<Pair>();
  const streams = countStreams();
  const delays = { up: 0, down: 0 };
  let asked = 0;
  let refusing = false;

  const pass = (pair: Pair, from: Socket, to: Socket, direction: 'up' | 'down', count: (data: Buffer) => void): void => {
    // What was read later is never due earlier.
    let due = 0;
    let pending: Promise<void> = Promise.resolve();
    const later = (run: () => void): void => {
      due = Math.max(due, Date.now() + delays[direction]);
      const at = due;
      pending = pending.then(async () => {
        const wait = at - Date.now();
        if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
        if (!pair.deaf && !pair.over) run();
      });
    };
    const whole = direction === 'up' ? wholeFrames() : (data: Buffer): Buffer => data;
    from.on('data', (data: Buffer) => {
      const passing = whole(data);
      if (!pair.deaf && passing.length > 0) {
        later(() => {
          if (to.destroyed) return;
          count(passing);
          to.write(passing);
        });
      }
    });
    from.on('end', () => {
      if (!pair.deaf) later(() => void (to.destroyed || to.end()));
    });
    from.on('close', () => {
      if (!pair.deaf && !pair.over) later(() => to.destroy());
    });
    // A connection that breaks is what this is for; "close" follows.
    from.on('error', () => from.destroy());
  };

  const listener = createServer({ allowHalfOpen: true }, browser => {
    asked += 1;
    if (refusing) {
      browser.destroy();
      return;
    }
    const server = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    const pair: Pair = { browser, server, deaf: false, over: false };
    pairs.add(pair);
    const forget = (): void => {
      if (browser.destroyed && server.destroyed) pairs.delete(pair);
    };
    browser.on('close', forget);
    server.on('close', forget);
    const { up, down } = streams.connection();
    pass(pair, browser, server, 'up', up);
    pass(pair, server, browser, 'down', down);
  });
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
  const end = (pair: Pair): void => {
    pair.over = true;
    pair.browser.destroy();
    // A reset would take away what the server has not read yet, in the middle of a frame: it is let read on, and ends its side by itself.
    pair.server.end();
    setTimeout(() => pair.server.destroy(), READ_ON_MS).unref();
    pairs.delete(pair);
  };
  const cut = (): void => {
    for (const pair of pairs) if (!pair.deaf) end(pair);
  };
  return {
    port: (listener.address() as AddressInfo).port,
    streams,
    get asked() {
      return asked;
    },
    get open() {
      return [...pairs].filter(({ deaf, browser }) => !deaf && !browser.destroyed).length;
    },
    cut,
    delay: (up, down) => {
      delays.up = up;
      delays.down = down;
    },
    deafen: () => {
      for (const pair of pairs) pair.deaf = true;
    },
    refuse: value => {
      refusing = value;
      if (value) cut();
    },
    stop: async () => {
      for (const pair of pairs) {
        end(pair);
        pair.server.destroy();
      }
      await new Promise<void>(resolve => void listener.close(() => resolve()));
    },
  };
};
