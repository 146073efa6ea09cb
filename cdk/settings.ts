import { Duration } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import { UnexpectedValue } from 'worker-chains/cdk';
import type { WorkerChainsStackProps } from './stack';

/** What `-c name=value` may set, and what a value looks like. */
const EXAMPLES = {
  items: '3000',
  chains: '10',
  rate: '50',
  linkSeconds: '300',
  chunkItems: '25',
  heartbeatSeconds: '120',
  sender: 'digest@example.com',
  senderIdentity: 'example.com',
  configurationSet: 'digest',
  sandboxRecipients: 'me@example.com,example.org',
  unsubscribeUrl: 'https://example.com/unsubscribe',
  enabled: 'false',
  alarmEmail: 'operations@example.com',
  runbookUrl: 'https://example.com/operations.md',
} as const;

/** One address: no blanks, no list, no display name. */
const ADDRESS = /^[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+$/;

type Setting = keyof typeof EXAMPLES;

/**
 * Reads the app's settings from CDK context (`npx cdk synth -c items=3000 -c chains=10`). Ranges are the construct's to
 * check.
 *
 * @throws UnexpectedValue where a setting is unknown or malformed: the first one
 */
export function readSettings(node: Node): WorkerChainsStackProps {
  refuseUnknown(node);
  const linkSeconds = number(node, 'linkSeconds');
  const heartbeatSeconds = number(node, 'heartbeatSeconds');
  return {
    items: number(node, 'items') ?? 3000,
    chains: number(node, 'chains'),
    rate: number(node, 'rate'),
    chunkItems: number(node, 'chunkItems'),
    linkDuration: linkSeconds === undefined ? undefined : Duration.seconds(linkSeconds),
    heartbeat: heartbeatSeconds === undefined ? undefined : Duration.seconds(heartbeatSeconds),
    enabled: flag(node, 'enabled'),
    sender: text(node, 'sender', /\S/, 'a mail address') ?? EXAMPLES.sender,
    senderIdentity: text(node, 'senderIdentity', /^\S+$/, 'an address or a domain'),
    configurationSet: text(node, 'configurationSet', /^\S+$/, 'a name'),
    sandboxRecipients: text(node, 'sandboxRecipients', /^\S+$/, 'addresses or domains joined by commas')?.split(','),
    unsubscribeUrl: text(node, 'unsubscribeUrl', /^https:\/\/\S+$/, 'an https address'),
    alarmEmail: text(node, 'alarmEmail', ADDRESS, 'a mail address'),
    runbookUrl: text(node, 'runbookUrl', /^https:\/\/[^\s#]+$/, 'an https address without #'),
  };
}

function number(node: Node, name: Setting): number | undefined {
  const value = text(node, name, /^\d+(\.\d+)?$/, 'a number');
  return value === undefined ? undefined : Number(value);
}

function flag(node: Node, name: Setting): boolean | undefined {
  const value = text(node, name, /^(true|false)$/, '`true` or `false`');
  return value === undefined ? undefined : value === 'true';
}

/** Context from the command line is text; from `cdk.json` it may be a number or a boolean. */
function text(node: Node, name: Setting, pattern: RegExp, expected: string): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  const written = String(value);
  if (!pattern.test(written)) {
    throw new UnexpectedValue(
      `Expected context \`${name}\` to be ${expected}, got ${JSON.stringify(value)}: pass for example \`-c ${name}=${EXAMPLES[name]}\`.`,
    );
  }
  return written;
}

/**
 * The names of the CDK's own context hold a colon, a slash or a hyphen; one plain word that is no setting is a typo.
 */
function refuseUnknown(node: Node): void {
  const unknown = Object.keys(node.getAllContext()).find((name) => /^\w+$/.test(name) && !(name in EXAMPLES));
  if (unknown !== undefined) {
    const known = Object.keys(EXAMPLES).join('`, `');
    throw new UnexpectedValue(
      `Expected context to be one of \`${known}\`, got \`${unknown}\`: correct its spelling or leave it out.`,
    );
  }
}
