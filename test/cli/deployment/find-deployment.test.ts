import { ListStateMachinesCommand, ListTagsForResourceCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { findDeployment, STACK_VARIABLE } from '../../../cli/deployment/find-deployment';

const sfn = new SFNClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
const api = mockClient(sfn);
const arnOf = (name: string) => `arn:aws:states:eu-west-1:111122223333:stateMachine:${name}`;

interface Machine {
  readonly name: string;
  readonly stack?: string;
  readonly job?: string;
  /** Whoever asks may not see its tags. */
  readonly denied?: boolean;
}

/** An account with these state machines, which Step Functions lists one to a page. */
function given(machines: readonly Machine[]): void {
  api.reset();
  api.on(ListStateMachinesCommand).callsFake(({ nextToken = '0' }) => {
    const index = Number(nextToken);
    const machine = machines[index];
    return {
      stateMachines: machine ? [{ stateMachineArn: arnOf(machine.name), name: machine.name }] : [],
      ...(index + 1 < machines.length && { nextToken: String(index + 1) }),
    };
  });
  api.on(ListTagsForResourceCommand).callsFake(({ resourceArn }) => {
    const { stack, job, denied } = machines.find(({ name }) => arnOf(name) === resourceArn) as Machine;
    if (denied) throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    if (stack === undefined || job === undefined) return { tags: [{ key: 'team', value: 'mails' }] };
    const tags = { stack, job, ledger: `${stack}-Ledger`, 'chain-function': `${stack}-${job}-RunChain` };
    return { tags: Object.entries(tags).map(([key, value]) => ({ key: `worker-chains:${key}`, value })) };
  });
}

const DIGEST = { name: 'Digest', stack: 'Mails', job: 'digest' };
const BILL = { name: 'Bill', stack: 'Mails', job: 'bill' };
const TEST = { name: 'TestDigest', stack: 'Test', job: 'digest' };
const FOREIGN = { name: 'Foreign' };
const DENIED = { name: 'Denied', denied: true };

const before = process.env[STACK_VARIABLE];
afterEach(() => {
  if (before === undefined) delete process.env[STACK_VARIABLE];
  else process.env[STACK_VARIABLE] = before;
});
beforeEach(() => {
  delete process.env[STACK_VARIABLE];
});

it('takes the only one there is, whatever else runs in the account, over all pages', async () => {
  given([FOREIGN, DENIED, DIGEST]);
  expect(await findDeployment({}, { sfn })).toEqual({
    ...{ stack: 'Mails', job: 'digest', stateMachineArn: arnOf('Digest'), stateMachineName: 'Digest' },
    ...{ tableName: 'Mails-Ledger', chainFunction: 'Mails-digest-RunChain' },
    ...{ region: 'eu-west-1', accountId: '111122223333', choice: { stack: 'Mails', job: 'digest' } },
  });
});

it('takes the stack that is named, or that of the environment, and of that the job that is named', async () => {
  given([DIGEST, BILL, TEST]);
  expect(await findDeployment({ stack: 'Mails', job: 'bill' }, { sfn })).toMatchObject({ stateMachineName: 'Bill' });
  process.env[STACK_VARIABLE] = 'Test';
  expect(await findDeployment({}, { sfn })).toMatchObject({ stateMachineName: 'TestDigest' });
  expect(await findDeployment({ stack: 'Mails', job: 'Digest' }, { sfn })).toMatchObject({ job: 'digest' });
});

it.each([
  [
    'no state machine',
    [],
    {},
    'Expected a stack with worker chains in eu-west-1, got none among 0 state machines: set AWS_PROFILE and AWS_REGION to where it is, or deploy it again if it was deployed by a version without tags.',
  ],
  ['none with tags', [FOREIGN], {}, /in eu-west-1 of account 111122223333, got none among 1 state machine:/],
  [
    'several stacks',
    [TEST, DIGEST],
    {},
    'Expected WORKER_CHAINS_STACK to be one of the stacks Mails, Test in eu-west-1, got nothing: for example --stack Mails.',
  ],
  [
    'a wrong stack',
    [TEST, DIGEST],
    { stack: 'Mail' },
    'Expected --stack to be one of the stacks Mails, Test in eu-west-1, got Mail: for example --stack Mails.',
  ],
  [
    'several jobs',
    [DIGEST, BILL],
    {},
    'Expected --job to be one of the jobs bill, digest of the stack Mails, got nothing: for example --job bill.',
  ],
  ['a wrong job', [DIGEST], { job: 'bill' }, /one of the jobs digest of the stack Mails, got bill/],
  [
    'a job that is there twice',
    [DIGEST, { ...DIGEST, name: 'Second' }],
    { job: 'digest' },
    /one of the jobs Digest, Second/,
  ],
])('says in one sentence what there is: %s', async (_, machines, choice, sentence) => {
  given(machines);
  await expect(findDeployment(choice, { sfn })).rejects.toThrow(sentence);
});

it('says what chooses each, also of a job that its stack has twice', async () => {
  given([DIGEST, { ...DIGEST, name: 'Second' }, BILL, TEST]);
  const choices = [
    { stack: 'Mails', job: 'Digest' },
    { stack: 'Mails', job: 'Second' },
    { stack: 'Mails', job: 'bill' },
    { stack: 'Test', job: 'digest' },
  ];
  for (const choice of choices) expect((await findDeployment(choice, { sfn })).choice).toEqual(choice);
});

it('lets other failures through', async () => {
  given([DIGEST]);
  api.on(ListTagsForResourceCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  await expect(findDeployment({}, { sfn })).rejects.toThrow('slow down');
});
