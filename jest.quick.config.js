/** For the hand on the keyboard: all but what plays whole runs, in real time or by the thousand, starts processes, or takes ten seconds. */
const SLOW = [
  'test/bench/(bench|object-memory|object-run).test.ts',
  'test/cdk/(bundle|clock-changes|nag).test.ts',
  'test/cli/dev/(busy-machine|dev|guest-app|kept-run|seeded-objects|\\w+(-\\w+)*\\.browser).test.ts',
  'test/cli/live/live-commands.test.ts',
  'test/cli/main.test.ts',
  'test/cli/plan/(forecast-and-bench|missing-variable|plan|preview).test.ts',
  'test/cli/runs/operated-run.test.ts',
  'test/docs/(readme|scripts-help).test.ts',
  'test/examples/(dev-examples.test.ts|sql-source|monthly-statement|csv-to-api|table-sweep)',
  'test/functions/connections.test.ts',
  'test/functions/email/(header-injection|unsubscribe-token).test.ts',
  'test/functions/sources/(s3-object-conformance|table-conformance|table-scale).test.ts',
  'test/local/dynamodb/(killed|kept-tables|random-programs|record-file).test.ts',
  'test/local/engine(-\\w+)*.test.ts',
  'test/local/template/(bucket|guest)-template.test.ts',
  'test/local/s3/large-object.test.ts',
  'test/page/monitor.test.ts',
  'test/scenarios/scenarios.test.ts',
  'test/page/\\w+\\.browser\\.test\\.ts',
  'test/simulation/',
];

/** @type {import('jest').Config} */
module.exports = { ...require('./jest.config.js'), testPathIgnorePatterns: ['/node_modules/', ...SLOW] };
