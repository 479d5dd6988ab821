/** A web that answers as a test says, for what is fetched before there is a stream. */
import { track } from './quiet.js';

/** Settles with an answer, or rejects as a browser's fetch does. */
export type Page = string | Response | ((request: { readonly url: string; readonly init: RequestInit }) => Response | Promise<Response>);

export interface FakeWeb {
  readonly fetch: typeof fetch;
  /** Addresses that were asked for, in order. */
  readonly asked: string[];
  readonly requests: RequestInit[];
  /** Addresses whose answer was not waited for any longer. */
  readonly aborted: string[];
  /** What there is, by address; what is not there cannot be reached. */
  pages: Readonly<Record<string, Page>>;
}

/** What fetch does without a network, without CORS, and where a redirect is not followed. */
export const unreachable = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));

/** Never answers. */
export const silence = (): Promise<never> => new Promise(() => undefined);

export const notFound = (): Response => new Response('There is nothing here.', { status: 404 });

export const fakeWeb = (pages: Readonly<Record<string, Page>> = {}): FakeWeb => {
  const asked: string[] = [];
  const requests: RequestInit[] = [];
  const aborted: string[] = [];
  const web: FakeWeb = {
    asked,
    requests,
    aborted,
    pages,
    fetch: (input, init = {}) => {
      const url = String(input instanceof Request ? input.url : input);
      asked.push(url);
      requests.push(init);
      const page = web.pages[url] ?? unreachable;
      const answer = typeof page === 'function' ? page({ url, init }) : typeof page === 'string' ? new Response(page) : page;
      const ended = new Promise<never>((_resolve, reject) => {
        const end = (): void => {
          aborted.push(url);
          reject(new DOMException('The user aborted a request.', 'AbortError'));
        };
        if (init.signal?.aborted) end();
        init.signal?.addEventListener('abort', end);
      });
      const first = Promise.race([answer, ended]);
      // A page that is silent must not keep a test from settling.
      if (page !== silence) void track(first.catch(() => undefined));
      return first;
    },
  };
  return web;
};
