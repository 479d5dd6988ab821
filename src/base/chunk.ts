/** Parts that are loaded on demand: one that cannot be had is told like any other trouble. */
import { ChatError } from './errors.js';

/** Waits for an `import()`. Rejects with ChatError chunk/chunk-not-loaded, whose cure is to reload the page, as browsers remember what failed. */
export const chunk = <T>(loading: Promise<T>): Promise<T> =>
  loading.catch((cause: unknown) => {
    throw new ChatError('chunk', 'chunk-not-loaded', 'user', String(cause), { cause });
  });
