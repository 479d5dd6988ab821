/** The one endpoint that is all there is: its stream, its 15 s, and how it is given up. */
import { expect } from '@open-wc/testing';
import type { ChatError } from '../../src/base/errors.js';
import { endpointAt } from '../../src/xmpp/endpoint.js';
import { openAt } from '../../src/xmpp/opening.js';
import { trouble } from '../../src/xmpp/trouble.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';

const WS = endpointAt('wss://a.example/ws');

const opening = (endpoint = WS) => {
  const environment = fakeEnvironment();
  const ending = new AbortController();
  let dropped = 0;
  let resolve = (_stream: string): void => undefined;
  let reject = (_error: unknown): void => undefined;
  const opened = new Promise<string>((open, fail) => {
    resolve = open;
    reject = fail;
  });
  const outcome = openAt(endpoint, () => ({ opened, drop: () => void dropped++ }), environment, ending.signal).then(
    winner => winner.opened,
    (error: unknown) => [(error as ChatError).code, (error as ChatError).about['host']],
  );
  return { environment, outcome, resolve, reject, abort: () => ending.abort(), dropped: () => dropped };
};

describe('the opening of one endpoint', () => {
  it('gives the stream, and leaves nothing behind', async () => {
    const the = opening();
    the.resolve('the stream');
    expect(await the.outcome).to.equal('the stream');
    the.abort();
    expect([the.dropped(), the.environment.left]).to.deep.equal([0, 0]);
  });

  it('says what was wrong and where', async () => {
    const the = opening();
    the.reject(trouble('unreachable'));
    expect(await the.outcome).to.deep.equal(['unreachable', 'a.example']);
    the.abort();
    expect([the.dropped(), the.environment.left]).to.deep.equal([0, 0]);
  });

  it('is given up after 15 s', async () => {
    const the = opening();
    await the.environment.advance(15_000);
    expect(await the.outcome).to.deep.equal(['time-out', 'a.example']);
    the.reject(trouble('unreachable'));
    await settle();
    expect([the.dropped(), the.environment.left]).to.deep.equal([1, 0]);
  });

  it('is given up at once when nobody wants it any more', async () => {
    const the = opening();
    the.abort();
    expect(await the.outcome).to.deep.equal(['disconnected', undefined]);
    await settle();
    expect([the.dropped(), the.environment.left]).to.deep.equal([1, 0]);
  });

  it('needs an endpoint', async () => {
    const nothing = openAt(undefined, () => ({ opened: Promise.resolve(''), drop: () => undefined }), fakeEnvironment(), new AbortController().signal);
    expect(await nothing.catch((error: unknown) => (error as ChatError).code)).to.equal('no-endpoint');
  });
});
