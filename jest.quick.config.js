/** For the hand on the keyboard: all but what plays whole runs, in real time, in a browser or by the thousand. */
const WHOLE_RUNS = [
  'test/bench/bench.test.ts',
  'test/cli/dev/dev.test.ts',
  'test/cli/dev/guest-app.test.ts',
  'test/cli/dev/kept-run.test.ts',
  'test/local/engine(-\\w+)*.test.ts',
  'test/page/\\w+\\.browser\\.test\\.ts',
  'test/simulation/',
];

/** @type {import('jest').Config} */
module.exports = { ...require('./jest.config.js'), testPathIgnorePatterns: ['/node_modules/', ...WHOLE_RUNS] };
