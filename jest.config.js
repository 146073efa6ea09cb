const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

process.env.CDK_VALIDATION = 'false';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Whatever a test leaves in the directory for temporary files goes when the last has ended: each app of the CDK has one.
const scratch = mkdtempSync(join(tmpdir(), 'worker-chains-tests-'));
// A database does not run as root, and has its directory in there.
chmodSync(scratch, 0o711);
process.env.TMPDIR = scratch;
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
// What test/support/shared-assembly.ts synthesizes once for all workers.
process.env.WORKER_CHAINS_TEST_ASSEMBLIES = mkdtempSync(join(scratch, 'assemblies-'));
// What many tests bundle is the same, and bundled once.
process.env.WORKER_CHAINS_BUILD_CACHE ??= join(scratch, 'builds');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // The doors of the package and the job of the functions, as tsconfig.json has them.
  moduleNameMapper: {
    '^#job$': '<rootDir>/examples/weekly-digest/job.ts',
    '^worker-chains$': '<rootDir>/functions/index.ts',
    '^worker-chains/cdk$': '<rootDir>/cdk/index.ts',
    '^worker-chains/testing$': '<rootDir>/testing/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // A test file runs in a context of its own, where each use of a global is a slow look-up: these are handed in
  // instead, a third of the time of what computes. No module may declare one of their names; with `Buffer` some do.
  sandboxInjectedGlobals: (
    'Array ArrayBuffer BigInt Boolean DataView Error JSON Map Math Number Object Promise Proxy Reflect RegExp Set ' +
    'String Symbol Uint8Array WeakMap WeakSet'
  ).split(' '),
  // Guards against a hang, not against a slow machine: nothing here is judged by the wall clock.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/test/sequencer.js',
  // One more than the cores that CI has: what plays a run in real time waits for half of its time.
  maxWorkers: 3,
  // Each test file leaves code and modules behind in its worker. Where a worker lived to the end, what came late ran two to
  // four times slower, and a regular expression over 14 MB threw a RangeError: V8 had no room for compiled code, most likely.
  // A limit of 1 GB came too late for both; with this one a worker lives for some ten files.
  workerIdleMemoryLimit: '300MB',
};
