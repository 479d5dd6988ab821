// A rollup plugin that puts the time of the build into src/base/build.ts, so that of two tabs the newer one is known.
const seconds = Math.floor(Number(process.env.SOURCE_DATE_EPOCH) || Date.now() / 1000);

export const buildId = () => ({
  name: 'build-id',
  transform: {
    order: 'pre',
    handler(code, id) {
      if (!id.endsWith('/src/base/build.ts')) return undefined;
      const stamped = code.replace(/(BUILD: number = )0;/, `$1${seconds};`);
      if (stamped === code) throw new Error('src/base/build.ts has no place for the time of the build.');
      return { code: stamped, map: null };
    },
  },
});
