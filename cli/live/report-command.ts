import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemClock as clock } from '../../functions/contract/clock';
import { counted } from '../../functions/contract/counted';
import { loadAssets } from '../../page/assets';
import { deployedSource } from '../../page/deployed-source';
import { recordedPage, recordRun } from '../../page/recorded-page';
import { Failure, UsageError } from '../command-line';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { devReport, printReport } from '../dev/run-report';
import { print, say } from '../output';
import { writeItemsCsv } from './items-csv';
import { itemsNotDone } from './items-not-done';
import { findExecution, watchDeployment } from './watched-deployment';

interface ReportFlags extends DeployedFlags, JsonFlag {
  readonly html?: string | undefined;
  readonly csv?: string | undefined;
}

/**
 * `worker-chains report`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, or there is no such deployment or run; Failure where AWS does not
 * answer, or a file cannot be written
 */
export async function report({ html, csv, json, ...choice }: ReportFlags, reference: string): Promise<number> {
  if (html !== undefined && csv !== undefined && resolve(html) === resolve(csv)) {
    throw new UsageError(
      `Expected --html and --csv to be two files, got ${html} for both: name another for one of them.`,
    );
  }
  const watched = await watchDeployment(choice);
  const executionArn = await findExecution(reference, watched);
  const { monitor, ledger } = watched;
  const view = await monitor.run(executionArn);
  if (html !== undefined) {
    const recording = await recordRun(
      deployedSource(monitor, () => undefined),
      executionArn,
    );
    await written(html, async (path) => writeFile(path, recordedPage(recording, await loadAssets())));
    if (!json) say(html);
  }
  if (csv !== undefined) {
    const runId = await monitor.runIdOf(executionArn);
    const items = await written(csv, (path) => writeItemsCsv(path, itemsNotDone(ledger, runId)));
    if (!json) say(`${csv}: ${counted(items, 'item')}`);
  }
  if (json) print(devReport(view));
  else if (html === undefined && csv === undefined) {
    process.stdout.write(`${printReport(devReport(view), view, { sendsMail: false, goOn: view.goOnCommand })}\n`);
  }
  return 0;
}

/**
 * Writes a file beside the one that is meant, and puts it there once it is whole.
 *
 * @throws Failure where that is not possible
 */
async function written<Result>(file: string, write: (path: string) => Promise<Result>): Promise<Result> {
  const path = `${file}.${clock.now()}.part`;
  try {
    const result = await write(path);
    await rename(path, file);
    return result;
  } catch (error) {
    await rm(path, { force: true });
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined || !/^E[A-Z]+$/.test(code) || syscall === 'connect') throw error;
    throw new Failure(`Expected to write ${file}, got ${code}: name a file in a directory that is there.`, {
      cause: error,
    });
  }
}
