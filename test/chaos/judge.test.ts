/** The judge of chaos sees each kind of harm for what it is, and the wire does each kind of harm. */
import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { until } from '../support/until.js';
import { cameLate, isClean, judge, numbersOf, textOf } from './judge.js';
import { faults, mendable, plan, type Fault, type Step } from './plan.js';
import { chance } from './random.js';
import { wholeFrames } from './frames.js';
import { startFaultyWire, type FaultyWire } from './wire.js';

const none = { lost: [], doubled: [], reordered: [], strange: [] };

describe('the judge', () => {
  it('finds nothing wrong with what arrived once and in order', () => {
    assert.deepEqual(judge([0, 1, 2], [0, 1, 2]), none);
    assert.equal(isClean(judge([0, 1, 2], [0, 1, 2])), true);
  });
  it('sees what is lost', () => assert.deepEqual(judge([0, 1, 2], [0, 2]), { ...none, lost: [1] }));
  it('sees what is doubled, also far apart, and calls it nothing else', () => assert.deepEqual(judge([0, 1, 2], [0, 1, 2, 0]), { ...none, doubled: [0] }));
  it('sees what came too late', () => assert.deepEqual(judge([0, 1, 2], [1, 0, 2]), { ...none, reordered: [0] }));
  it('sees what nobody sent', () => assert.deepEqual(judge([0], [0, 7]), { ...none, strange: [7] }));
  it('lets be what may be there, once', () => {
    assert.deepEqual(judge([0, 2], [0, 2], [1]), none);
    assert.deepEqual(judge([0, 2], [0, 1, 2], [1]), none);
    assert.deepEqual(judge([0, 2], [0, 1, 1, 2], [1]), { ...none, doubled: [1] });
  });
  it('knows what had come too late already', () => {
    assert.deepEqual(cameLate([39, 40], [38, 41, 39, 40, 42]), [39, 40]);
    assert.deepEqual(cameLate([39, 40], [38, 39, 41, 40, 39, 42]), [40]);
    assert.deepEqual(cameLate([39], [38, 39, 40]), []);
  });
  it('reads its own texts and no others', () => assert.deepEqual(numbersOf('peer', [textOf('peer', 3), textOf('page', 4), 'peer 5 and more', 'hello']), [3]));
});

describe('chance', () => {
  const draw = (seed: string): readonly number[] => {
    const its = chance(seed);
    return Array.from({ length: 50 }, () => its.between(200, 900));
  };
  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(draw('1'), draw('1'));
    assert.notDeepEqual(draw('1'), draw('2'));
    assert.ok(draw('1').every(value => value >= 200 && value <= 900));
  });
  it('of a purpose is moved by no other purpose', () => {
    const one = chance('1');
    const other = chance('1');
    other.next();
    assert.equal(one.fork('wire').next(), other.fork('wire').next());
  });
});

describe('the plan', () => {
  const steps = (seed: string, wanted: readonly Fault[]): readonly Step[] => {
    const its = plan(chance(seed), wanted);
    return Array.from({ length: 40 }, () => its.next().value);
  };
  it('is the same for the same seed', () => {
    assert.deepEqual(steps('7', faults), steps('7', faults));
    assert.notDeepEqual(steps('7', faults), steps('8', faults));
  });
  it('gives every fault that is wanted its turn, and no other', () => {
    assert.deepEqual([...new Set(steps('7', mendable).map(({ fault }) => fault))].sort(), [...mendable].sort());
  });
  it('cuts again within 200 to 900 ms', () => assert.ok(steps('7', ['cut']).every(({ wait }) => wait >= 200 && wait <= 900)));
});

describe('whole frames', () => {
  const frame = (length: number): Buffer => {
    const size = length < 126 ? Buffer.from([0x81, 0x80 | length]) : length < 65_536 ? Buffer.from([0x81, 0xfe, length >> 8, length & 0xff]) : Buffer.concat([Buffer.from([0x81, 0xff]), (() => {
      const eight = Buffer.alloc(8);
      eight.writeBigUInt64BE(BigInt(length));
      return eight;
    })()]);
    return Buffer.concat([size, Buffer.alloc(4 + length, 1)]);
  };
  const head = Buffer.from('GET /xmpp-websocket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
  it('are all that passes of a WebSocket, wherever it is torn', () => {
    const frames = [0, 5, 125, 126, 300, 65_535, 65_536].map(frame);
    const ends = new Set([0, ...[head, ...frames].map((_, index, all) => all.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0))]);
    const bytes = Buffer.concat([head, ...frames]);
    for (const step of [1, 7, 1_000, bytes.length]) {
      const pass = wholeFrames();
      let passed = Buffer.alloc(0);
      for (let at = 0; at < Math.min(bytes.length, step * 2_000); at += step) {
        passed = Buffer.concat([passed, pass(bytes.subarray(at, at + step))]);
        assert.ok(ends.has(passed.length), `${passed.length} is inside a frame`);
      }
      assert.ok(passed.equals(bytes.subarray(0, passed.length)));
      assert.ok(passed.length > head.length);
    }
  });
  it('let HTTP pass as it comes', () => {
    const pass = wholeFrames();
    assert.equal(pass(Buffer.from('POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na')).toString().slice(-1), 'a');
    assert.equal(pass(Buffer.from('bc')).toString(), 'bc');
  });
});

describe('the faulty wire', () => {
  let echo: ReturnType<typeof createServer>;
  let reached: Socket[];
  let wire: FaultyWire;
  before(async () => {
    echo = createServer(socket => {
      reached.push(socket);
      socket.on('error', () => socket.destroy()).pipe(socket);
    });
    await new Promise<void>(resolve => echo.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    for (const socket of reached) socket.destroy();
    echo.close();
  });
  beforeEach(async () => {
    reached = [];
    wire = await startFaultyWire((echo.address() as AddressInfo).port);
  });
  afterEach(() => wire.stop());

  const HEAD = 'POST / HTTP/1.1\r\n\r\n';
  const call = async (): Promise<{ readonly socket: Socket; heard: string; ended: boolean }> => {
    const its = { socket: connect({ port: wire.port, host: '127.0.0.1' }), heard: '', ended: false };
    its.socket.on('data', data => (its.heard += data.toString())).on('error', () => its.socket.destroy()).on('close', () => (its.ended = true));
    const before = reached.length;
    // A wire waits for the head of a request.
    its.socket.write(`${HEAD}a`);
    await until('an echo', () => its.heard === `${HEAD}a` || its.ended);
    its.heard = its.heard.slice(HEAD.length);
    assert.ok(its.ended || reached.length > before);
    return its;
  };

  it('passes everything, in order', async () => {
    const its = await call();
    for (const letter of 'bcdefg') its.socket.write(letter);
    await until('all of it', () => its.heard === 'abcdefg');
    its.socket.end();
    await until('the end', () => its.ended);
  });
  it('cuts both ends at once', async () => {
    const its = await call();
    wire.cut();
    await until('the end of both', () => its.ended && (reached[0]?.destroyed ?? false));
    assert.equal(wire.open, 0);
  });
  it('delays in both directions', async () => {
    const its = await call();
    wire.delay(30, 30);
    const started = Date.now();
    its.socket.write('b');
    await until('the echo', () => its.heard === 'ab');
    assert.ok(Date.now() - started >= 60);
  });
  it('keeps the order, however the delay changes', async () => {
    const its = await call();
    its.socket.setNoDelay();
    for (const [index, letter] of 'b c d e f g h i j k l'.split(' ').entries()) {
      wire.delay(index % 3 === 0 ? 40 : 0, index % 2 === 0 ? 25 : 0);
      its.socket.write(letter);
      await new Promise(resolve => setImmediate(resolve));
    }
    await until('all of it', () => its.heard.length === 12);
    assert.equal(its.heard, 'abcdefghijkl');
  });
  it('goes deaf both ways without a word, and new connections are whole', async () => {
    const its = await call();
    wire.deafen();
    its.socket.write('b');
    reached[0]?.write('c');
    const other = await call();
    assert.equal(other.heard, 'a');
    assert.deepEqual({ heard: its.heard, ended: its.ended, there: reached[0]?.destroyed }, { heard: 'a', ended: false, there: false });
    its.socket.destroy();
    await until('its own end', () => its.ended);
    assert.equal(reached[0]?.destroyed, false, 'the server heard of it');
  });
  it('refuses while it is closed', async () => {
    wire.refuse(true);
    assert.equal((await call()).ended, true);
    wire.refuse(false);
    assert.equal((await call()).heard, 'a');
  });
});
