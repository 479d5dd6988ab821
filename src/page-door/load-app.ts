/** Brings the app into the page, and says in one sentence why it did not come. */
import { warnOnConsole } from '../base/log.js';

/** Why a module did not come, as a sentence for the site's owner that names what to do. */
export const whyNotLoaded = (error: unknown, url: string): string => {
  const upgraded = 'its server was upgraded while this page was open (reload the page)';
  const cause = /createPolicy|trusted/iu.test(String(error))
    ? "this page's Content-Security-Policy needs “trusted-types lit-html 'allow-duplicates'”"
    : !navigator.onLine
      ? 'there is no network'
      : new URL(url).origin === location.origin
        ? `most likely ${upgraded}`
        : `most likely ${upgraded} or does not send Access-Control-Allow-Origin`;
  return `${url} was not loaded: ${cause}. ${String(error)}`;
};

/**
 * Loads the module that defines the element. Calls at the same time share one attempt; a new one uses another address,
 * as browsers remember which one has failed. Rejects when it did not come, which the console has been told the first time.
 */
export const createLoader = (url: string): (() => Promise<unknown>) => {
  let attempt: Promise<unknown> | undefined;
  let failures = 0;
  return () => {
    attempt ??= import(failures ? `${url}?again=${failures}` : url).catch((error: unknown) => {
      attempt = undefined;
      // A pointer that passes over the button loads ahead, so a click may be the second attempt: once is enough.
      if (failures === 0) warnOnConsole('page', whyNotLoaded(error, url));
      failures += 1;
      throw error;
    });
    return attempt;
  };
};
