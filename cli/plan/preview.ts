import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ItemId } from '../../functions/contract/payloads';
import type { ItemsRequest, Outline, SurveyedItems } from '../../functions/contract/survey-event';
import { UsageError } from '../command-line';
import { itemIdsOf } from '../item-id';
import { printable } from '../printable';
import { openTarget } from './open-target';
import { previewPage } from './preview-page';
import { type SurveyFlags, surveyOptions } from './survey-options';
import type { SurveyTarget } from './survey-target';

const NO_MAIL = 3;

interface PreviewFlags extends SurveyFlags {
  readonly item?: string | undefined;
  readonly out?: string | undefined;
  readonly noOpen?: boolean | undefined;
}

/**
 * `worker-chains preview`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the job cannot be asked
 */
export async function preview({ item, out, noOpen = false, ...flags }: PreviewFlags, job?: string): Promise<number> {
  if (item === undefined || item === '') {
    throw new UsageError('Expected --item to be followed by the id of an item, got nothing: for example --item 42.');
  }
  const [id, asText] = itemIdsOf(item);
  const options = surveyOptions(flags, job);
  const target = await openTarget(options);
  const answer = await lookAtOne(id, target).finally(() => target.close());
  const [sample] = answer.samples;
  if (sample === undefined) {
    const hint =
      asText === undefined ? '' : ` If its id is a text, write it in quotes: --item '${JSON.stringify(asText)}'.`;
    process.stdout.write(`Item ${printable(item)} would get no mail: ${printable(outcomeOf(answer))}.${hint}\n`);
    return NO_MAIL;
  }
  const file = resolve(out ?? `preview-${item.replace(/[^\w-]+/g, '_')}.html`);
  const raw = Buffer.from(sample.raw, 'base64');
  const message = file.replace(/(\.html?)?$/i, '.eml');
  writeFileSync(file, await previewPage(raw));
  writeFileSync(message, raw);
  process.stdout.write(`${file}\n${message}\n`);
  if (!noOpen) open(file);
  return 0;
}

async function lookAtOne(id: ItemId, target: SurveyTarget): Promise<SurveyedItems> {
  const { ids: _, unprocessedOf: _1, inDoubtOf: _2, ...others } = target.input;
  const input = { ...others, ids: [id] };
  const outline = await target.ask<Outline>({ survey: { step: 'outline', input, parts: 1 } });
  const { start, end } = outline.plan;
  const request: ItemsRequest = { step: 'items', input, plan: outline.plan, cursor: start, end, limit: 1, samples: 1 };
  return target.ask({ survey: request });
}

function outcomeOf({ counts, errors }: SurveyedItems): string {
  const [reason] = Object.keys(counts.skippedBecause);
  const [error] = errors;
  if (error) return `it would fail with ${[error.code, ...(error.messages ?? [])].join(': ').replace(/\.$/, '')}`;
  return reason === undefined ? 'its job sends it none' : `it is skipped as ${reason}`;
}

/** With what this system opens a file. That there is nothing of the kind, on a server for one, is no failure: its name is said. */
function open(file: string): void {
  const url = pathToFileURL(file).href;
  const [command, ...before] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(command as string, [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
