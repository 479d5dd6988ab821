/** Bytes of a connection, held back until they make whole WebSocket frames (RFC 6455 §5.2); what is no WebSocket passes as it comes. */

/** Length of the frame at the beginning, in bytes; undefined: not even its head is there. */
const frameLength = (bytes: Buffer): number | undefined => {
  if (bytes.length < 2) return undefined;
  const second = bytes.readUInt8(1);
  const short = second & 0x7f;
  const head = (short < 126 ? 2 : short === 126 ? 4 : 10) + (second & 0x80 ? 4 : 0);
  if (bytes.length < head) return undefined;
  return head + (short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)));
};

/** Takes what came and gives what may pass. */
export const wholeFrames = (): ((data: Buffer) => Buffer) => {
  let held = Buffer.alloc(0);
  /** `head`: of the first request · `plain`: HTTP · `frames`: a WebSocket. */
  let state: 'head' | 'plain' | 'frames' = 'head';
  return data => {
    if (state === 'plain') return data;
    held = Buffer.concat([held, data]);
    let end = 0;
    if (state === 'head') {
      end = held.indexOf('\r\n\r\n') + 4;
      if (end < 4) return Buffer.alloc(0);
      state = /^upgrade:\s*websocket/imu.test(held.subarray(0, end).toString('latin1')) ? 'frames' : 'plain';
    }
    if (state === 'plain') end = held.length;
    else for (let length = frameLength(held.subarray(end)); length !== undefined && held.length >= end + length; length = frameLength(held.subarray(end))) end += length;
    const whole = held.subarray(0, end);
    held = held.subarray(end);
    return whole;
  };
};
