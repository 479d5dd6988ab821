// A rollup plugin that puts the time of the build into src/base/build.ts, so that of two tabs the newer one is known.
const seconds = Math.floor(Number(process.env.SOURCE_DATE_EPOCH) || Date.now() / 1000);
/** Stands for the time until all is made small: the digits of a number have a say in what names become the shortest, and each build would be another. */
const LATER = 0x6b49d1ff;

export const buildId = () => ({
  name: 'build-id',
  transform: {
    order: 'pre',
    handler(code, id) {
      if (!id.endsWith('/src/base/build.ts')) return undefined;
      const stamped = code.replace(/(BUILD: number = )0;/, `$1${LATER};`);
      if (stamped === code) throw new Error('src/base/build.ts has no place for the time of the build.');
      return { code: stamped, map: null };
    },
  },
  renderChunk: {
    order: 'post',
    handler: (code) => ({ code: code.replace(new RegExp(`${LATER}|0x${LATER.toString(16)}`), String(seconds).padStart(10)), map: null }),
  },
});
