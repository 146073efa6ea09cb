import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { DOORS, type Door } from './doors';

/** Directory of the API reports, from the project's. */
export const REPORTS = 'api';

/** Scratch, inside the project so that the packages of its `node_modules` are found. */
const SCRATCH = join('.worker-chains', 'declarations');

export interface TypesOptions {
  readonly project: string;
  /** Directory of the reports to compare with, or to write. */
  readonly reports: string;
  /** Whether a report that differs is written anew. */
  readonly update: boolean;
}

/** The public surface of a door. */
export interface DoorTypes {
  readonly door: Door;
  /** File with all declarations of the door, and nothing that it does not need. */
  readonly rollup: string;
  readonly reportChanged: boolean;
}

/**
 * Declares each door in one file, and compares what it declares with the door's API report.
 *
 * `tsc` writes the declarations, API Extractor puts those of a door together: TypeScript 7 has no programming interface
 * that a bundler of declarations could use, and API Extractor brings a TypeScript of its own.
 *
 * @throws Error if the declarations do not compile or cannot be put together; the compiler has printed why.
 */
export function extractTypes(options: TypesOptions): readonly DoorTypes[] {
  const scratch = join(options.project, SCRATCH);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  // A package of its own: in the project's, the name `worker-chains` would lead to a `dist` of earlier.
  writeFileSync(join(scratch, 'package.json'), JSON.stringify({ name: 'declarations' }));
  const compiler = join(options.project, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', join(options.project, 'tsconfig.types.json'), '--outDir', scratch], {
    stdio: 'inherit',
  });
  return DOORS.map((door) => {
    const extracted = extract(door, scratch, options);
    if (door.specifier === 'worker-chains') installFor(scratch, extracted.rollup);
    return extracted;
  });
}

/** The other doors import the types of the first one by its name: a second copy of a brand would be another type. */
function installFor(scratch: string, rollup: string): void {
  const directory = join(scratch, 'node_modules', 'worker-chains');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'worker-chains', types: 'index.d.ts' }));
  cpSync(rollup, join(directory, 'index.d.ts'));
}

function extract(door: Door, scratch: string, { project, reports, update }: TypesOptions): DoorTypes {
  const entry = join(scratch, `${door.source}.d.ts`);
  const rollup = join(scratch, 'rollup', `${door.report}.d.ts`);
  mkdirSync(reports, { recursive: true });
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(project, 'package.json'),
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: door.report,
        reportFolder: reports,
        reportTempFolder: join(scratch, 'reports'),
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: rollup },
      messages: MESSAGES,
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      // Of itself it says nothing; who builds wants to hear of what is wrong.
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  if (result.errorCount > 0) throw new Error(`Expected the types of ${door.specifier} to be put together, got errors.`);
  mkdirSync(dirname(rollup), { recursive: true });
  return { door, rollup, reportChanged: result.apiReportChanged };
}

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'esnext',
  moduleResolution: 'bundler',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};

const MESSAGES = {
  compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
  extractorMessageReporting: {
    default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
    // A type that a signature names must be importable by whoever uses the signature.
    'ae-forgotten-export': { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false },
    // There are no releases of different maturity behind one door.
    'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
    'ae-undocumented': { logLevel: ExtractorLogLevel.None },
  },
  // The comments are for editors, which know more than TSDoc does: `@default - in words`.
  tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
};
