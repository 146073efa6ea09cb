import { shellWord } from '../../functions/contract/shell-word';
import { ENDPOINT_VARIABLES, type Engine, REGION, type ServiceName } from '../../local/engine';
import type { RunCommand } from '../../page/monitor';
import { UsageError } from '../command-line';
import type { Deployment } from '../deployment/find-deployment';
import { commandFor, shellCommand } from '../recommended-command';
import type { DevOptions } from './options';
import type { WayOn } from './run-report';

export const SERVICES = Object.keys(ENDPOINT_VARIABLES) as ServiceName[];

/**
 * The services that the environment names an endpoint for.
 *
 * @throws UsageError where a variable holds no address
 */
export function replacedServices(): Partial<Record<ServiceName, string>> {
  const set = SERVICES.map((name) => [name, process.env[ENDPOINT_VARIABLES[name]]] as const);
  const replaced = set.filter(([, endpoint]) => endpoint);
  for (const [name, endpoint = ''] of replaced) {
    if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)) continue;
    throw new UsageError(
      `Expected ${ENDPOINT_VARIABLES[name]} to be the address of a service, got ${endpoint}: for example http://127.0.0.1:5000, or unset it.`,
    );
  }
  return Object.fromEntries(replaced);
}

/** Address of each service by the variable with which the SDK and the CLI find it. */
export function addressesOf({ endpoints }: Engine): Readonly<Record<string, string>> {
  return Object.fromEntries(SERVICES.map((name) => [ENDPOINT_VARIABLES[name], endpoints[name]]));
}

/** Region and credentials in the variables of the SDK and the CLI. */
export function identityOf(engine: Engine): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = engine.client('dynamodb').credentials;
  return { AWS_REGION: REGION, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/**
 * What the commands that find a deployment need to reach this one, in the variables of the SDK. Other services than the two
 * that are named are for the AWS CLI and the SDKs.
 */
export function surroundingsOf(engine: Engine): Readonly<Record<string, string>> {
  const { endpoints, url } = engine;
  const isEmbedded = SERVICES.every((name) => endpoints[name] === url);
  return {
    ...(isEmbedded
      ? { AWS_ENDPOINT_URL: url }
      : Object.fromEntries(COMMANDS_USE.map((name) => [ENDPOINT_VARIABLES[name], endpoints[name]]))),
    ...(COMMANDS_USE.some((name) => endpoints[name] === url) ? identityOf(engine) : {}),
  };
}

const COMMANDS_USE = ['stepFunctions', 'dynamodb'] as const;

/** A shell command for a run. It works as long as the ledger is up. */
export function servedCommand(
  { command, operands, options }: RunCommand,
  {
    engine,
    staysUp,
    ...deployment
  }: Pick<Deployment, 'choice'> & { readonly engine: Engine; readonly staysUp: boolean },
): string {
  const { endpoints, url } = engine;
  return [
    assignments(surroundingsOf(engine)),
    commandFor(deployment, command, { operands, options }),
    ...(endpoints.dynamodb === url && !staysUp ? ['# only while the ledger is up: run with --serve'] : []),
  ].join(' ');
}

export function assignments(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${shellWord(value)}`)
    .join(' ');
}

/**
 * What becomes of the items that the run has not begun, once it has ended without success.
 *
 * @param goOnCommand that works as long as the ledger is up
 */
export function wayOn({ keep, seed, serve }: DevOptions, goOnCommand: string | undefined): WayOn {
  if (keep !== undefined) {
    const again = { ...(seed !== undefined && { seed }), keep, resume: true as const };
    return { left: 'kept in the ledger', goOn: shellCommand('dev', { options: again }) };
  }
  if (!serve) return { left: 'gone with this process: --keep DIR keeps them' };
  return { left: 'kept in the ledger as long as it is served', goOn: goOnCommand };
}
