// Finds ports of this machine that nobody uses, and tells whether somebody answers on one.
import { connect, createServer } from 'node:net';

/** A free port of 127.0.0.1, or the wanted one if that is free; undefined when the wanted one is taken. */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error) => (error.code === 'EADDRINUSE' && wanted ? resolve(undefined) : reject(error)));
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Whether something accepts connections on the port of 127.0.0.1. */
export function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}
