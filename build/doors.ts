import { HANDLERS } from '../cdk/handlers';

/** What the package offers: the doors by which it is imported, and the sources behind them. */

export interface Door {
  /** As an author imports it. */
  readonly specifier: string;
  /** Source, from the project's directory and without `.ts`; under `dist` it is the same path. */
  readonly source: string;
  /** Name of its API report in `api`. */
  readonly report: string;
  /**
   * Whether it is an ES module as well, for a job's bundle and a job's tests. The construct needs no second form: Node.js
   * imports CommonJS, and `aws-cdk-lib` is nothing else.
   */
  readonly isModule: boolean;
}

export const DOORS: readonly Door[] = [
  { specifier: 'worker-chains', source: 'functions/index', report: 'worker-chains', isModule: true },
  { specifier: 'worker-chains/cdk', source: 'cdk/index', report: 'cdk', isModule: false },
  { specifier: 'worker-chains/testing', source: 'testing/index', report: 'testing', isModule: true },
];

/** The command `worker-chains`. */
export const COMMAND = 'cli/main';

/** The handlers, entries of the bundles that a construct makes: ES modules only. */
export const HANDLER_SOURCES = HANDLERS.map((name) => `functions/${name}`);

/** Files that are read as they are, from the project's directory; under `dist` they have the same path. */
export const PLAIN_FILES = ['statemachine/worker-chains.asl.json', 'local/lambda/bootstrap.mjs'];
