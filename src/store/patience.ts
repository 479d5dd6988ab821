/** Waiting that ends: a database may never answer. */
import { ChatError } from '../base/errors.js';

const TICK_MS = 100;

/** Settles as `promise` does, or rejects with ChatError storage/hung after `ms` milliseconds. Only time counts in which the page itself was not held up. */
export const within = <T>(ms: number, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    let left = ms / TICK_MS;
    let timer = setTimeout(function tick() {
      left -= 1;
      if (left > 0) timer = setTimeout(tick, TICK_MS);
      else reject(new ChatError('storage', 'hung', 'later'));
    }, TICK_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
