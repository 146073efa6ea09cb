import { type DeployedJob, jobsOf } from '../../../cli/dev/jobs';
import type { DevOptions } from '../../../cli/dev/options';
import { adaptedTemplate, planRun } from '../../../cli/dev/run-plan';
import type { FunctionConfig } from '../../../local/lambda/runtime';
import type { LocalTemplate } from '../../../local/template/local-template';

const config = (name: string, environment: Record<string, string>): FunctionConfig => ({
  logicalId: name,
  functionName: name,
  functionArn: `arn:${name}`,
  codeDirectory: '/',
  handler: 'index.handler',
  environment: { LEDGER_TABLE: 'ledger', ...environment },
  timeoutSeconds: 900,
  memoryMegabytes: 512,
  maximumRetryAttempts: 0,
  maximumEventAgeSeconds: 120,
});

/** A deployed job whose schedule gives `input`. */
function deployed(input: Record<string, unknown>, more: Record<string, string> = {}): LocalTemplate {
  const createWorkers = { HEARTBEAT_SECONDS: '120', CONCURRENT_LINKS: '20', SEND_SHARE: '0.5', ...more };
  return {
    functionUrls: [],
    secrets: [],
    topicArns: [],
    functions: [
      config('CreateWorkers', createWorkers),
      { ...config('RunChain', { SENDER: 'digest@example.com' }), reservedConcurrency: 20 },
      config('Another', {}),
    ],
    stateMachines: [
      {
        name: 'Runs',
        arn: 'arn:runs',
        constructPath: 'Stack/Digest/Runs/StateMachine/Resource',
        definition: '{}',
        substitutions: { CreateWorkersFunctionArn: 'arn:CreateWorkers', RunChainFunctionArn: 'arn:RunChain' },
        roleArn: 'arn:role',
        tags: {},
      },
    ],
    tables: [],
    buckets: [],
    configurationSets: [],
    eventRules: [],
    queues: [],
    eventSources: [],
    rules: [
      {
        name: 'Rule',
        schedule: 'rate(1 day)',
        zone: 'UTC',
        enabled: true,
        stateMachineArn: 'arn:runs',
        input: (time) => ({ job: 'digest', chains: 10, scheduledFor: time.toISOString(), ...input }),
      },
    ],
  };
}

const NOW = new Date('2026-11-23T09:00:00Z');

function plan(input: Record<string, unknown>, options: Pick<DevOptions, 'items' | 'chains' | 'rate'> = {}) {
  const [job] = jobsOf(deployed(input));
  return planRun(job!, options, NOW);
}

describe('a run on this machine', () => {
  it('is what the schedule would start now, with links so short that every chain hands over', () => {
    expect(plan({ ids: { first: 1, last: 3000 } })).toEqual({
      // 3000 items at half of 250 a second, in four links.
      input: {
        job: 'digest',
        chains: 10,
        ids: { first: 1, last: 3000 },
        linkSeconds: 6,
        scheduledFor: NOW.toISOString(),
      },
      items: 3000,
      chains: 10,
      sendsMail: true,
      accountRate: 250,
    });
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['a range', { ids: { first: 11, last: 90 } }, { first: 11, last: 15 }],
    ['a list', { ids: ['a', 'b', 'c', 'd', 'e', 'f'] }, ['a', 'b', 'c', 'd', 'e']],
    ['no ids', {}, { first: 1, last: 5 }],
  ])('has as many items as are asked for, of %s', (_, input, ids) => {
    expect(plan(input, { items: 5 })).toMatchObject({ input: { ids }, items: 5 });
  });

  it('is refused a number of items where ids are the job’s own matter', () => {
    expect(() => plan({ ids: { prefix: 'a' } }, { items: 5 })).toThrow(
      'Expected --items for a job whose schedule has a range or a list of ids, got one with {"prefix":"a"}: leave it out.',
    );
  });

  it('leaves alone what it cannot know', () => {
    const { input, items } = plan({ ids: { prefix: 'a' }, linkSeconds: 300 });
    expect(input).toMatchObject({ ids: { prefix: 'a' }, linkSeconds: 300 });
    expect(items).toBeUndefined();
    expect(plan({}).input).not.toHaveProperty('linkSeconds');
  });

  it.each<[string, number | undefined, number | undefined, number, number | undefined]>([
    ['the usual account', undefined, undefined, 250, undefined],
    ['an account that is large enough', 300.5, undefined, 301, 300.5],
    ['a rate of its own within the account’s', 20, 100, 100, 20],
    ['a share of an account that is smaller than its rate', 200, 100, 100, undefined],
  ])('has %s', (_, scheduled, asked, accountRate, rate) => {
    const planned = plan(
      scheduled === undefined ? {} : { rate: scheduled },
      asked === undefined ? {} : { rate: asked },
    );
    expect(planned.accountRate).toBe(accountRate);
    expect(planned.input.rate).toBe(rate);
  });

  it('keeps a rate above what the account may send where it sends no mail', () => {
    const { functions, ...template } = deployed({ rate: 500 });
    const withoutSender = functions.map((one) => ({ ...one, environment: { ...one.environment, SENDER: undefined } }));
    const [job] = jobsOf({ ...template, functions: withoutSender as never }) as [DeployedJob];
    expect(planRun(job, { rate: 100 }, NOW)).toMatchObject({ sendsMail: false, input: { rate: 500 } });
  });

  it('may have more than 40 chains where each is an execution of its own', () => {
    expect(() => plan({}, { chains: 41 })).toThrow(
      'Expected --chains to be a number of chains from 1 to 40, got 41: for example --chains 10.',
    );
    const [job] = jobsOf(deployed({}, { MAP_MODE: 'distributed' })) as [DeployedJob];
    expect(planRun(job, { chains: 100 }, new Date(0)).chains).toBe(100);
    expect(() => planRun(job, { chains: 101 }, new Date(0))).toThrow('from 1 to 100, got 101');
  });

  it('has the chains that are asked for, and room for them', () => {
    expect(plan({}, { chains: 40 })).toMatchObject({ input: { chains: 40 }, chains: 40 });
    const template = deployed({});
    const { functions } = adaptedTemplate(template, jobsOf(template), 40);
    expect(functions.find(({ functionName }) => functionName === 'CreateWorkers')?.environment).toMatchObject({
      CONCURRENT_LINKS: '80',
      HEARTBEAT_SECONDS: '10',
    });
    expect(functions.find(({ functionName }) => functionName === 'RunChain')).toMatchObject({
      reservedConcurrency: 80,
      maximumEventAgeSeconds: 60,
    });
    expect(functions.find(({ functionName }) => functionName === 'Another')).toEqual(template.functions[2]);
  });

  it('takes nothing from what is deployed for more', () => {
    const template = deployed({});
    const [createWorkers, runChain] = adaptedTemplate(template, jobsOf(template), 2).functions;
    expect(createWorkers?.environment.CONCURRENT_LINKS).toBe('20');
    expect(runChain?.reservedConcurrency).toBe(20);
  });
});
