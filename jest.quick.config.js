/** For the hand on the keyboard: all but what plays whole runs, in real time or by the thousand, or starts processes for them. */
const SLOW = [
  'test/bench/(bench|object-memory|object-run).test.ts',
  'test/cli/dev/dev.test.ts',
  'test/cli/dev/guest-app.test.ts',
  'test/cli/dev/kept-run.test.ts',
  'test/cli/dev/seeded-objects.test.ts',
  'test/cli/dev/unsubscribe.browser.test.ts',
  'test/cli/main.test.ts',
  'test/cli/plan/(forecast-and-bench|missing-variable|plan|preview).test.ts',
  'test/docs/readme.test.ts',
  'test/examples/(dev-examples.test.ts|sql-source|monthly-statement|csv-to-api|table-sweep)',
  'test/functions/connections.test.ts',
  'test/functions/sources/table-(conformance|scale).test.ts',
  'test/local/dynamodb/(killed|kept-tables|random-programs|record-file).test.ts',
  'test/local/engine(-\\w+)*.test.ts',
  'test/local/s3/large-object.test.ts',
  'test/page/monitor.test.ts',
  'test/scenarios/scenarios.test.ts',
  'test/page/\\w+\\.browser\\.test\\.ts',
  'test/simulation/',
];

/** @type {import('jest').Config} */
module.exports = { ...require('./jest.config.js'), testPathIgnorePatterns: ['/node_modules/', ...SLOW] };
