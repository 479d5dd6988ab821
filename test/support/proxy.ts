/** A wire that can be cut: a TCP proxy between a browser and a server, so that faults happen at the moment that a test wants. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** How many connections were ever asked for, refused ones included. */
  readonly asked: number;
  /** How many are open now. */
  readonly open: number;
  /** Lets nothing more pass in a direction, of old and new connections; what is held passes when it is let go. */
  hold(direction: 'up' | 'down'): void;
  letGo(): void;
  /** Cuts all connections without a word. What was held is lost. */
  cut(): void;
  /** Ends every new connection at once, as a server does that is not there. */
  refuse(refusing: boolean): void;
  stop(): Promise<void>;
}

/** Starts a proxy to a port of this machine. `up` is towards the server. */
export const startProxy = async (target: number): Promise<Proxy> => {
  const pairs = new Set<{ readonly browser: Socket; readonly server: Socket }>();
  const held = { up: false, down: false };
  let asked = 0;
  let refusing = false;

  const pass = (from: Socket, to: Socket, direction: 'up' | 'down'): void => {
    const waiting: Buffer[] = [];
    from.on('data', data => {
      waiting.push(data);
      if (!held[direction]) flush();
    });
    const flush = (): void => {
      for (const data of waiting.splice(0)) if (!to.destroyed) to.write(data);
    };
    released.add(flush);
    from.on('end', () => to.end());
    from.on('close', () => {
      released.delete(flush);
      to.destroy();
    });
    // A connection that breaks is what this is for; "close" follows.
    from.on('error', () => from.destroy());
  };
  const released = new Set<() => void>();

  const listener = createServer(browser => {
    asked += 1;
    if (refusing) {
      browser.destroy();
      return;
    }
    const server = connect({ port: target, host: '127.0.0.1' });
    const pair = { browser, server };
    pairs.add(pair);
    browser.on('close', () => pairs.delete(pair));
    pass(browser, server, 'up');
    pass(server, browser, 'down');
  });
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const { browser, server } of pairs) {
      browser.destroy();
      server.destroy();
    }
  };
  return {
    port: (listener.address() as AddressInfo).port,
    get asked() {
      return asked;
    },
    get open() {
      return pairs.size;
    },
    hold: direction => {
      held[direction] = true;
    },
    letGo: () => {
      held.up = held.down = false;
      for (const flush of released) flush();
    },
    cut,
    refuse: value => {
      refusing = value;
    },
    stop: async () => {
      cut();
      await new Promise<void>(resolve => void listener.close(() => resolve()));
    },
  };
};
