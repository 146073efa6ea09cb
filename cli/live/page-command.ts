import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployedSource } from '../../page/deployed-source';
import { createPage } from '../../page/page-server';
import { sendJson } from '../../page/reply';
import { readCommandLine, UsageError } from '../command-line';
import { awsFailure } from '../deployment/aws-failure';
import { DEPLOYED, help, number, TEXT, USUAL, WHERE } from '../ledger-access';
import { findExecution, watchDeployment } from './watched-deployment';

const HELP = `Shows the page of a deployed stack on this machine, with your credentials: its
runs, each with states, chains, figures and history. Read only. Until Ctrl-C.

  worker-chains page [RUN] [options]

  --port N           where it listens on 127.0.0.1 (4520, or any that is free)
${DEPLOYED}
${WHERE}`;

const PORT = 4520;
const MOST_PORT = 65_535;
/** As shells give it to a process that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * `worker-chains page`. Answers the exit code, after Ctrl-C.
 *
 * @throws UsageError where the command line is wrong, or there is no such deployment or run; Failure where AWS does not
 * answer
 */
export async function page(args: readonly string[]): Promise<number> {
  const { values, words } = readCommandLine(args, { command: 'page', options: { ...USUAL, port: TEXT }, words: 1 });
  if (values.help) return help(HELP);
  const port = values.port === undefined ? undefined : wholePort(values.port);
  const watched = await watchDeployment(values);
  const [reference] = words;
  const shown = reference === undefined ? undefined : await findExecution(reference, watched);
  const source = deployedSource(watched.monitor, (error) => awsFailure(error)?.message);
  const served = await serve(createPage(source), port);
  const { stack, job, region } = watched.deployment;
  const address = `${served.url}${shown === undefined ? '' : `?execution=${shown}`}`;
  process.stdout.write(`${job} of the stack ${stack} in ${region}, until Ctrl-C: ${address}\n`);
  await interruption();
  await served.close();
  return INTERRUPTED;
}

function wholePort(value: string): number {
  const port = number('--port', value, MOST_PORT);
  if (!Number.isInteger(port)) throw new UsageError(`Expected --port to be a whole number, got ${value}.`);
  return port;
}

type Answer = ReturnType<typeof createPage>;

/** On this port, or on any free one where none is asked for and the usual one is taken. */
async function serve(answer: Answer, asked: number | undefined) {
  const server = createServer((request, response) => {
    void answer(request, response).then((answered) => {
      if (answered) return;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const sentence = isRead
        ? 'The page is at /.'
        : 'This page only looks: stop, redrive and the like are commands of worker-chains.';
      sendJson(response, isRead ? 404 : 403, { message: sentence });
    });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  try {
    await listen(asked ?? PORT);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    if (asked !== undefined) {
      throw new UsageError(`Expected --port to be free, got ${asked}, which is taken: choose another, or 0 for any.`);
    }
    await listen(0);
  }
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

function interruption(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
  });
}
