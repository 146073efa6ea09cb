import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployedSource } from '../../page/deployed-source';
import { createPage } from '../../page/page-server';
import { sendJson } from '../../page/reply';
import { INTERRUPTED, UsageError } from '../command-line';
import type { DeployedFlags } from '../command-parts';
import { awsFailure } from '../deployment/aws-failure';
import type { OpenDeployment } from '../deployment/open-deployment';
import { findExecutionAmong, watchStack } from './watched-deployment';

const PORT = 4520;

interface PageFlags extends DeployedFlags {
  readonly operate?: boolean | undefined;
  readonly port?: number | undefined;
}

/**
 * `worker-chains page`. Answers the exit code, after Ctrl-C.
 *
 * @throws UsageError where the command line is wrong, or there is no such deployment or run; Failure where AWS does not
 * answer
 */
export async function page({ operate, port, ...choice }: PageFlags, reference?: string): Promise<number> {
  const { opened, monitor, operations } = await watchStack(choice);
  const shown = reference === undefined ? undefined : await findExecutionAmong(reference, opened);
  const explain = (error: unknown) => awsFailure(error)?.message;
  const source = deployedSource(monitor, explain, operate ? operations : undefined);
  const served = await serve(createPage(source), port);
  const { stack, region } = (opened[0] as OpenDeployment).deployment;
  const jobs = opened.map(({ deployment }) => deployment.job).join(', ');
  const address = `${served.url}${shown === undefined ? '' : `?execution=${shown}`}`;
  // Whoever reads the line may press Ctrl-C at once.
  const interrupted = interruption();
  process.stdout.write(`${jobs} of the stack ${stack} in ${region}, until Ctrl-C: ${address}\n`);
  await interrupted;
  await served.close();
  return INTERRUPTED;
}

type Answer = ReturnType<typeof createPage>;

/** On this port, or on any free one where none is asked for and the usual one is taken. */
async function serve(answer: Answer, asked: number | undefined) {
  const server = createServer((request, response) => {
    void answer(request, response).then((answered) => {
      if (answered) return;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const sentence = isRead ? 'The page is at /.' : 'The page takes no such request.';
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
