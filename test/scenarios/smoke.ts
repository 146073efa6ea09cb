import { spawn } from 'node:child_process';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Failure } from '../../cli/command-line';
import { openTarget } from './scenario-target';
import { smoke } from './smoke-command';

/** A look at Step Functions and a few at DynamoDB: far below what an account may ask in a second. */
const LOOK_MILLISECONDS = 500;
/** Three minutes: the first run of a deployment waits for cold starts, and for permissions that AWS spreads. */
const MOST_LOOKS = 360;

async function identity() {
  const sts = new STSClient({});
  const region = await sts.config.region();
  const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { account, region };
}

function cdk(args: readonly string[], region: string): Promise<void> {
  const env = { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const child = spawn('npx', ['--no-install', 'cdk', ...args], { cwd: __dirname, env, stdio: 'inherit' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) =>
      code === 0
        ? done()
        : failed(new Failure(`Expected cdk ${args[0]} to succeed, got exit code ${code}: see above.`)),
    );
  });
}

smoke(process.argv.slice(2), {
  identity,
  cdk,
  open: ({ account, region }) =>
    openTarget({
      name: `account ${account} in ${region}`,
      settings: () => ({ region }),
      lookMilliseconds: LOOK_MILLISECONDS,
      mostLooks: MOST_LOOKS,
    }),
  say: (text) => process.stdout.write(`${text}\n`),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
