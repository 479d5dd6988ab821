/** Which endpoint is used: the order, BOSH beside a slow WebSocket, one winner and no trace of the others. */
import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { endpointAt, type Endpoint } from '../../src/xmpp/endpoint.js';
import { firstToOpen } from '../../src/xmpp/race.js';
import { trouble } from '../../src/xmpp/trouble.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';

const WS = 'wss://a.example/ws';
const WS2 = 'wss://b.example/ws';
const BOSH = 'https://a.example/bosh';
const BOSH2 = 'https://b.example/bosh';

interface Tried {
  open(): void;
  fail(error: unknown): void;
}

/** A race whose attempts a test opens and breaks by their addresses. */
const race = (urls: readonly string[], refuse?: (endpoint: Endpoint) => void) => {
  const environment = fakeEnvironment();
  const ending = new AbortController();
  const tried = new Map<string, Tried>();
  const started: string[] = [];
  const dropped: string[] = [];
  let outcome = 'open';
  firstToOpen<string>(
    urls.map(endpointAt),
    endpoint => {
      const { url } = endpoint;
      started.push(url);
      refuse?.(endpoint);
      const opened = new Promise<string>((resolve, reject) => tried.set(url, { open: () => resolve(`stream of ${url}`), fail: reject }));
      return { opened, drop: () => void dropped.push(url) };
    },
    environment,
    ending.signal,
  ).then(
    ({ endpoint, opened }) => (outcome = opened === `stream of ${endpoint.url}` ? endpoint.url : opened),
    (error: unknown) => (outcome = error instanceof ChatError ? `${error.code} ${error.about['host'] ?? ''}`.trim() : String(error)),
  );
  return {
    environment,
    started,
    dropped,
    abort: () => ending.abort(),
    get outcome() {
      return outcome;
    },
    open: async (url: string) => {
      tried.get(url)?.open();
      await settle();
    },
    fail: async (url: string, error: unknown = trouble('certificate-or-unreachable')) => {
      tried.get(url)?.fail(error);
      await settle();
    },
  };
};

describe('the race of endpoints', () => {
  it('begins with the first, and is over when that opens', async () => {
    const the = race([WS, WS2, BOSH]);
    expect(the.started).to.deep.equal([WS]);
    await the.open(WS);
    expect(the.outcome).to.equal(WS);
    expect(the.dropped).to.deep.equal([]);
    expect(the.environment.left).to.equal(0);
    await the.environment.advance(60_000);
    expect(the.started).to.deep.equal([WS]);
  });

  it('goes on in order, each as soon as the one before failed', async () => {
    const the = race([WS, WS2, BOSH]);
    await the.fail(WS);
    expect(the.started).to.deep.equal([WS, WS2]);
    await the.fail(WS2);
    expect(the.started).to.deep.equal([WS, WS2, BOSH]);
    await the.open(BOSH);
    expect(the.outcome).to.equal(BOSH);
    expect(the.dropped).to.deep.equal([]);
    expect(the.environment.left).to.equal(0);
  });

  it('starts BOSH after 3 s beside a WebSocket that is still pending, and drops the loser', async () => {
    const the = race([WS, WS2, BOSH, BOSH2]);
    await the.environment.advance(2_999);
    expect(the.started).to.deep.equal([WS]);
    await the.environment.advance(1);
    expect(the.started).to.deep.equal([WS, BOSH]);
    await the.open(BOSH);
    expect(the.outcome).to.equal(BOSH);
    expect(the.dropped).to.deep.equal([WS]);
    expect(the.environment.left).to.equal(0);
  });

  it('takes the WebSocket if it opens first after all', async () => {
    const the = race([WS, BOSH]);
    await the.environment.advance(3_000);
    await the.open(WS);
    expect(the.outcome).to.equal(WS);
    expect(the.dropped).to.deep.equal([BOSH]);
    await the.open(BOSH);
    expect(the.outcome).to.equal(WS);
  });

  it('has one winner where two open in the same turn', async () => {
    const the = race([WS, BOSH]);
    await the.environment.advance(3_000);
    await Promise.all([the.open(BOSH), the.open(WS)]);
    expect(the.outcome).to.equal(BOSH);
    expect(the.dropped).to.deep.equal([WS]);
  });

  it('goes on beside a BOSH that failed, and beside a WebSocket that did', async () => {
    const the = race([WS, BOSH, BOSH2]);
    await the.environment.advance(3_000);
    await the.fail(BOSH);
    expect(the.started).to.deep.equal([WS, BOSH, BOSH2]);
    await the.fail(WS);
    expect(the.outcome).to.equal('open');
    await the.open(BOSH2);
    expect(the.outcome).to.equal(BOSH2);
    expect(the.environment.left).to.equal(0);
  });

  it('does not put a second BOSH beside one that is tried already', async () => {
    const the = race([BOSH, BOSH2, WS]);
    await the.environment.advance(3_000);
    expect(the.started).to.deep.equal([BOSH]);
    const other = race([WS, BOSH, BOSH2]);
    await other.fail(WS);
    await other.environment.advance(3_000);
    expect(other.started).to.deep.equal([WS, BOSH]);
  });

  it('gives each endpoint 15 s', async () => {
    const the = race([WS, WS2]);
    await the.environment.advance(14_999);
    expect(the.started).to.deep.equal([WS]);
    await the.environment.advance(1);
    expect(the.dropped).to.deep.equal([WS]);
    expect(the.started).to.deep.equal([WS, WS2]);
    await the.open(WS);
    expect(the.outcome).to.equal('open');
    await the.environment.advance(15_000);
    expect(the.outcome).to.equal('time-out a.example');
    expect(the.dropped).to.deep.equal([WS, WS2]);
    expect(the.environment.left).to.equal(0);
  });

  it('takes an attempt that throws for one that failed', async () => {
    const the = race([WS, WS2], ({ url }) => {
      if (url === WS) throw new DOMException('no', 'SecurityError');
    });
    await settle();
    expect(the.started).to.deep.equal([WS, WS2]);
    await the.fail(WS2);
    expect(the.outcome).to.equal('mixed-content a.example');
    expect(the.environment.left).to.equal(0);
  });

  it('rejects with the error that tells most, and says where it happened', async () => {
    for (const [first, second, told] of [
      ['certificate-or-unreachable', 'time-out', 'certificate-or-unreachable a.example'],
      ['time-out', 'certificate-or-unreachable', 'certificate-or-unreachable b.example'],
      ['connection-lost', 'host-unknown', 'host-unknown b.example'],
      ['server-error', 'connection-lost', 'connection-lost b.example'],
      ['unreachable', 'unreachable', 'unreachable a.example'],
      ['certificate-or-unreachable', 'chunk-not-loaded', 'certificate-or-unreachable a.example'],
    ] as const) {
      const the = race([WS, BOSH2]);
      await the.fail(WS, trouble(first));
      await the.fail(BOSH2, trouble(second));
      expect(the.outcome).to.equal(told);
    }
  });

  it('ends when it is told to, with everything dropped and nothing left', async () => {
    const the = race([WS, BOSH, WS2]);
    await the.environment.advance(3_000);
    the.abort();
    await settle();
    expect(the.outcome).to.equal('disconnected');
    expect(the.dropped).to.deep.equal([WS, BOSH]);
    expect(the.environment.left).to.equal(0);
    await the.fail(WS);
    expect(the.started).to.deep.equal([WS, BOSH]);
  });

  it('does not begin when it was ended before, nor without endpoints', async () => {
    const ending = new AbortController();
    ending.abort();
    const environment = fakeEnvironment();
    const none = (): never => {
      throw new Error('nobody is to be tried');
    };
    const codes = await Promise.all(
      [firstToOpen([endpointAt(WS)], none, environment, ending.signal), firstToOpen([], none, environment, new AbortController().signal)].map(each => each.then(() => 'won', (error: unknown) => (error as ChatError).code)),
    );
    expect(codes).to.deep.equal(['disconnected', 'no-endpoint']);
    expect(environment.left).to.equal(0);
  });
});
