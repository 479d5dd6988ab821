import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countStreams, readFrames } from './stream-count.js';

const HEAD = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');
const frame = (text: string, masked = false): Buffer => {
  const payload = Buffer.from(text);
  const key = Buffer.from([7, 1, 9, 3]);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  length[0] = (length[0] ?? 0) | (masked ? 0x80 : 0);
  if (masked) for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (key[at % 4] ?? 0);
  return Buffer.concat([Buffer.from([0x81, ...length]), ...(masked ? [key] : []), payload]);
};

describe('frames on a wire', () => {
  it('are read whole from whatever pieces, masked or not, short or long', () => {
    const long = 'ü'.repeat(300);
    for (const masked of [false, true]) {
      const texts: string[] = [];
      const read = readFrames(text => texts.push(text));
      for (const byte of Buffer.concat([HEAD, frame('a', masked), frame(long, masked)])) read(Buffer.from([byte]));
      assert.deepEqual(texts, ['a', long]);
    }
  });

  it('are none where HTTP stays HTTP', () => {
    const read = readFrames(() => assert.fail('There is no frame'));
    read(Buffer.from('POST /http-bind HTTP/1.1\r\n\r\n'));
    read(frame('<a/>'));
  });
});

describe('a stream on a wire', () => {
  const stream = () => {
    const streams = countStreams();
    const connect = () => {
      const { up, down } = streams.connection();
      up(HEAD);
      down(HEAD);
      return { says: (text: string) => up(frame(text, true)), gets: (text: string) => down(frame(text)) };
    };
    return { streams, connect };
  };

  it('may be acknowledged as far as it came, over all its connections', () => {
    const { streams, connect } = stream();
    const first = connect();
    first.gets("<enabled xmlns='urn:xmpp:sm:3' id='s'/>");
    first.gets("<message xmlns='jabber:client'><body>peer 4</body></message>");
    first.gets("<presence xmlns='jabber:client'/>");
    first.says('<a xmlns="urn:xmpp:sm:3" h="2"/>');
    const second = connect();
    second.says('<resume xmlns="urn:xmpp:sm:3" previd="s" h="1"/>');
    second.gets("<resumed previd='s' h='0' xmlns='urn:xmpp:sm:3'/>");
    second.gets("<presence xmlns='jabber:client'/>");
    second.gets("<message xmlns='jabber:client'><body xml:lang='en'>peer 5</body></message>");
    second.says('<a xmlns="urn:xmpp:sm:3" h="3"/>');
    assert.deepEqual(streams.overstated, []);
    assert.deepEqual([...streams.reached], [4, 5]);
  });

  it('is no further than what passed, whoever says so', () => {
    const { streams, connect } = stream();
    const first = connect();
    first.gets("<enabled xmlns='urn:xmpp:sm:3' id='s'/>");
    first.gets("<presence xmlns='jabber:client'/>");
    first.says('<a xmlns="urn:xmpp:sm:3" h="2"/>');
    connect().says('<resume xmlns="urn:xmpp:sm:3" previd="s" h="3"/>');
    assert.deepEqual(streams.overstated, ['an acknowledgement says 2 came, of which 1 passed', 'a resumption says 3 came, of which 1 passed']);
  });
});
