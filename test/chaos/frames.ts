/** Bytes of a connection, held back until they make whole WebSocket frames (RFC 6455 §5.2); what is no WebSocket passes as it comes. */

/** Where the payload of the frame at the beginning begins and ends; undefined: not even its head is there. */
export const frameSpan = (bytes: Buffer): { readonly start: number; readonly end: number } | undefined => {
  if (bytes.length < 2) return undefined;
  const second = bytes.readUInt8(1);
  const short = second & 0x7f;
  const start = (short < 126 ? 2 : short === 126 ? 4 : 10) + (second & 0x80 ? 4 : 0);
  if (bytes.length < start) return undefined;
  return { start, end: start + (short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))) };
};

/** Where the first lines end, and whether they make the connection a WebSocket; undefined: they are not all there. */
export const headSpan = (bytes: Buffer): { readonly end: number; readonly upgrades: boolean } | undefined => {
  const end = bytes.indexOf('\r\n\r\n') + 4;
  return end < 4 ? undefined : { end, upgrades: /^upgrade:\s*websocket/imu.test(bytes.subarray(0, end).toString('latin1')) };
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
      const head = headSpan(held);
      if (!head) return Buffer.alloc(0);
      ({ end } = head);
      state = head.upgrades ? 'frames' : 'plain';
    }
    if (state === 'plain') end = held.length;
    else for (let frame = frameSpan(held.subarray(end)); frame && held.length >= end + frame.end; frame = frameSpan(held.subarray(end))) end += frame.end;
    const whole = held.subarray(0, end);
    held = held.subarray(end);
    return whole;
  };
};
