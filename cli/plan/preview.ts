import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ItemId } from '../../functions/contract/payloads';
import type { ItemsRequest, Outline, SurveyedItems } from '../../functions/contract/survey-event';
import { readCommandLine, UsageError } from '../command-line';
import { help, TEXT } from '../ledger-access';
import { printable } from '../printable';
import { openTarget } from './open-target';
import { previewPage } from './preview-page';
import { SURVEY_HELP, SURVEY_OPTIONS, surveyOptions } from './survey-options';
import type { SurveyTarget } from './survey-target';

const HELP = `Shows the mail of one item as its recipient would see it, without sending it:
writes it to a file and opens that. Beside it stands the message itself (.eml),
for a mail program.

  worker-chains preview [JOB] --item ID [options]

  --item ID       a number, or text: --item '"42"' for the text of two digits
  --out FILE      the page to write (preview-ID.html)
  --no-open       only writes it
${SURVEY_HELP}  --help          shows this

Exit codes: 0 written; 1 the job could not be asked; 2 the command line is wrong;
3 the item would get no mail: it is said why.
`;

const NO_MAIL = 3;
const OPTIONS = { ...SURVEY_OPTIONS, item: TEXT, out: TEXT, 'no-open': { type: 'boolean' } } as const;

/**
 * `worker-chains preview`. Answers the exit code.
 *
 * @throws UsageError where the command line is wrong, Failure where the job cannot be asked
 */
export async function preview(args: readonly string[]): Promise<number> {
  const { values, words } = readCommandLine(args, { command: 'preview', options: OPTIONS, words: 1 });
  if (values.help) return help(HELP);
  const { item, out, 'no-open': noOpen = false } = values;
  if (item === undefined || item === '') {
    throw new UsageError('Expected --item to be followed by the id of an item, got nothing: for example --item 42.');
  }
  const id = idOf(item);
  const options = surveyOptions('preview', values, words);
  const target = await openTarget(options);
  const answer = await lookAtOne(id, target).finally(() => target.close());
  const [sample] = answer.samples;
  if (sample === undefined) {
    process.stdout.write(`Item ${printable(item)} would get no mail: ${printable(outcomeOf(answer))}.\n`);
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

function idOf(text: string): ItemId {
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  return quoted ?? text;
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
