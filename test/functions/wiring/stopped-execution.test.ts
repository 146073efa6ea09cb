import type { SFNClient } from '@aws-sdk/client-sfn';
import { wireStopForAlarm } from '../../../functions/wiring/wire-stop-for-alarm';
import { callbackTask, machine, World } from '../../local/step-functions/world';

/** The SDK's client, over the embedded Step Functions. */
function clientOf(world: World): Pick<SFNClient, 'send'> {
  const send = (command: { readonly input: Record<string, unknown> }) =>
    world.call(command.constructor.name.replace(/Command$/, ''), command.input);
  return { send } as unknown as Pick<SFNClient, 'send'>;
}

it('an alarm stops the executions that run, which say so, and leaves one alone that has ended', async () => {
  const world = new World();
  const stateMachineArn = await world.create(machine({ A: callbackTask() }));
  const start = async (name: string) =>
    (await world.call<{ executionArn: string }>('StartExecution', { stateMachineArn, name })).executionArn;
  const [over, first, second] = [await start('over'), await start('first'), await start('second')];
  await world.call('StopExecution', { executionArn: over, cause: 'by hand' });
  const stop = wireStopForAlarm({
    stepFunctions: clientOf(world),
    cloudWatch: { send: () => Promise.reject(new Error('Nobody asks CloudWatch when an alarm goes off.')) },
    ...{ clock: world.clock, random: () => 0, stateMachineArn, alarmNames: ['latency'] },
  });
  const event = {
    'detail-type': 'CloudWatch Alarm State Change' as const,
    detail: { alarmName: 'latency', state: { value: 'ALARM', reason: 'too slow' } },
  };

  const { stopped } = await stop(event);
  expect([...stopped].sort()).toEqual([first, second].sort());
  for (const executionArn of [first, second]) {
    expect(await world.call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'ABORTED',
      error: 'Run.StoppedByAlarm',
      cause: expect.stringMatching(/^The alarm latency is in ALARM \(too slow\): /),
    });
  }
  expect(await world.call('DescribeExecution', { executionArn: over })).toMatchObject({ cause: 'by hand' });
  expect(await stop(event)).toMatchObject({ stopped: [] });
});
