import { App } from 'aws-cdk-lib';
import { readSettings } from '../../cdk/settings';

const settings = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

it('has a default for everything', () => {
  expect(settings({})).toEqual({
    items: 3000,
    sender: 'digest@example.com',
  });
});

it('reads text, as the command line passes it', () => {
  const { linkDuration, heartbeat, ...others } = settings({
    items: '150000',
    chains: '20',
    rate: '12.5',
    linkSeconds: '3',
    heartbeatSeconds: '30',
    chunkItems: '50',
    sender: 'news@example.org',
    unsubscribeUrl: 'https://example.org/u',
    enabled: 'false',
    alarmEmail: 'operations@example.org',
    runbookUrl: 'https://example.org/operations.md',
  });
  expect(linkDuration?.toSeconds()).toBe(3);
  expect(heartbeat?.toSeconds()).toBe(30);
  expect(others).toEqual({
    items: 150_000,
    chains: 20,
    rate: 12.5,
    chunkItems: 50,
    sender: 'news@example.org',
    unsubscribeUrl: 'https://example.org/u',
    enabled: false,
    alarmEmail: 'operations@example.org',
    runbookUrl: 'https://example.org/operations.md',
  });
});

it('tells a schedule that is to be on from one of which nothing is said', () => {
  expect([{}, { enabled: 'true' }, { enabled: false }].map((given) => settings(given).enabled)).toEqual([
    undefined,
    true,
    false,
  ]);
});

it('reads numbers and booleans, as cdk.json has them', () => {
  expect(settings({ items: 7, enabled: false })).toMatchObject({ items: 7, enabled: false });
});

it.each([
  ['items', 'many', 'Expected context `items` to be a number, got "many": pass for example `-c items=3000`.'],
  ['chains', '-3', 'Expected context `chains` to be a number, got "-3": pass for example `-c chains=10`.'],
  ['rate', '', 'Expected context `rate` to be a number, got "": pass for example `-c rate=50`.'],
  [
    'linkSeconds',
    '3s',
    'Expected context `linkSeconds` to be a number, got "3s": pass for example `-c linkSeconds=300`.',
  ],
  [
    'enabled',
    'yes',
    'Expected context `enabled` to be `true` or `false`, got "yes": pass for example `-c enabled=false`.',
  ],
  ['sender', '', 'Expected context `sender` to be a mail address, got ""'],
  [
    'unsubscribeUrl',
    'http://example.com',
    'Expected context `unsubscribeUrl` to be an https address, got "http://example.com"',
  ],
  ['alarmEmail', 'operations', 'Expected context `alarmEmail` to be a mail address, got "operations"'],
  [
    'runbookUrl',
    'https://example.org/operations.md#top',
    'Expected context `runbookUrl` to be an https address without #',
  ],
])('refuses %s=%s in one sentence', (name, value, sentence) => {
  expect(() => settings({ [name]: value })).toThrow(sentence);
});

it('refuses a setting that does not exist, which would otherwise be a typo without effect', () => {
  expect(() => settings({ item: '30' })).toThrow(/^Expected context to be one of `items`, .*, got `item`:/);
});

it('lets the context of the CDK itself pass', () => {
  const context = { 'aws:cdk:bundling-stacks': [], 'cli-telemetry': false, '@aws-cdk/core:someFlag': true };
  expect(() => settings(context)).not.toThrow();
});
