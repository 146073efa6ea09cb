import { ENDPOINT_VARIABLES, type Engine, REGION, type ServiceName } from '../../local/engine';
import { programName, UsageError } from '../command-line';

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

/** The shell command that lists what a run left over. It works as long as the ledger is up. */
export function leftoversCommand(engine: Engine, runId: string, tableName: string, staysUp: boolean): string {
  const { endpoints, url } = engine;
  const embedded = endpoints.dynamodb === url;
  return [
    `${ENDPOINT_VARIABLES.dynamodb}=${endpoints.dynamodb}`,
    ...(embedded ? [assignments(identityOf(engine))] : []),
    `${programName()} leftovers ${shellWord(runId)} --table ${shellWord(tableName)}`,
    ...(embedded && !staysUp ? ['# only while the ledger is up: run with --serve'] : []),
  ].join(' ');
}

export function assignments(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** A name as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
