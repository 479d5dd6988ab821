/** `window.stoa`: before the script an array of functions, afterwards an object whose `push` calls them at once. */
import { warnOnConsole } from '../base/log.js';
import type { PageChat } from './handle.js';

const page = window as { stoa?: unknown };

/** What goes by our name; an element that the page calls so is no own property of the window, and is not meant. */
const present = (): unknown => (Object.hasOwn(page, 'stoa') ? page.stoa : undefined);

/** Whether the script has run in this page already. */
export const isRunning = (): boolean => Object.hasOwn(Object(present()) as object, 'push');

/** Calls the functions that wait, in order, and takes the queue's place. The returned function gives the name back. */
export const openQueue = (chat: PageChat): (() => void) => {
  const call = (run: unknown): void => {
    try {
      (run as (chat: PageChat) => void)(chat);
    } catch (error) {
      warnOnConsole('page', `A function given to window.stoa.push has failed: ${String(error)}`);
    }
  };
  const waiting = present();
  const door = Object.freeze({ push: (...runs: readonly unknown[]): void => runs.forEach(call) });
  page.stoa = door;
  if (Array.isArray(waiting)) waiting.forEach(call);
  return () => {
    // A name that the page declared with “var” cannot be deleted.
    if (present() === door && !Reflect.deleteProperty(page, 'stoa')) page.stoa = undefined;
  };
};
