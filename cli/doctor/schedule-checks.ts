import { DescribeRuleCommand, type EventBridgeClient, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { momentsOf } from '../../cdk/scheduled-moments';
import type { Clock } from '../../functions/contract/clock';
import { inTurns } from '../in-turns';
import { type Check, check, type Finding, ok, warning } from './check';

export interface ScheduleClients {
  readonly events: EventBridgeClient;
  readonly scheduler: SchedulerClient;
  readonly clock: Clock;
}

/** What starts runs of the state machine, whoever has made it. */
interface SeenSchedule {
  readonly name: string;
  readonly isOn: boolean;
  readonly expression: string;
  readonly zone: string;
  /** The command that switches it on. */
  readonly mend: string;
}

/** Of everything in the region that starts the job's runs. */
export function scheduleChecks(clients: ScheduleClients): readonly Check[] {
  return [
    check({
      id: 'schedule',
      needs: [
        ...['events:ListRuleNamesByTarget', 'events:DescribeRule'],
        ...['scheduler:ListSchedules', 'scheduler:GetSchedule'],
      ],
      read: async ({ deployment: { stateMachineArn } }) => {
        const rules = await rulesOf(stateMachineArn, clients.events);
        return [...rules, ...(await schedulesOf(stateMachineArn, clients.scheduler))];
      },
      judge: (schedules) => judgeSchedules(schedules, new Date(clients.clock.now())),
    }),
  ];
}

async function rulesOf(TargetArn: string, events: EventBridgeClient): Promise<readonly SeenSchedule[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await events.send(new ListRuleNamesByTargetCommand({ TargetArn, NextToken }));
    names.push(...(page.RuleNames ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const rules = await inTurns(names, (Name) => events.send(new DescribeRuleCommand({ Name })));
  return rules.flatMap(({ ScheduleExpression: expression, State }, index) => {
    const name = names[index] as string;
    if (!expression) return [];
    return { name, isOn: State !== 'DISABLED', expression, zone: 'UTC', mend: `aws events enable-rule --name ${name}` };
  });
}

async function schedulesOf(stateMachineArn: string, scheduler: SchedulerClient): Promise<readonly SeenSchedule[]> {
  const found: { readonly GroupName: string; readonly Name: string }[] = [];
  let NextToken: string | undefined;
  do {
    const page = await scheduler.send(new ListSchedulesCommand({ NextToken }));
    for (const { GroupName = '', Name = '', Target } of page.Schedules ?? []) {
      if (Target?.Arn === stateMachineArn) found.push({ GroupName, Name });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return inTurns(found, async (key) => {
    const { State, ScheduleExpression, ScheduleExpressionTimezone } = await scheduler.send(new GetScheduleCommand(key));
    return {
      name: key.Name,
      isOn: State !== 'DISABLED',
      expression: ScheduleExpression ?? '',
      zone: ScheduleExpressionTimezone ?? 'UTC',
      mend: `enable ${key.Name} in the EventBridge Scheduler console`,
    };
  });
}

function judgeSchedules(schedules: readonly SeenSchedule[], now: Date): Finding {
  if (schedules.length === 0) {
    return warning('nothing starts runs of this state machine', 'deploy the stack again, or start each run by hand');
  }
  const told = schedules.map((one) => `${one.name}: ${one.isOn ? nextOf(one, now) : `off, ${whenOf(one)}`}`).join('; ');
  const off = schedules.filter(({ isOn }) => !isOn);
  if (off.length === 0) return ok(told);
  const mends = off.map(({ mend }) => mend).join('; ');
  return warning(
    told,
    `give the construct enabled: true and a sender of your own, which the template switches off without; or, if somebody did by hand, ${mends}`,
  );
}

function whenOf({ expression, zone }: SeenSchedule): string {
  return `${expression} ${zone}`;
}

/** When it fires next, by the clock of its zone. */
function nextOf(schedule: SeenSchedule, now: Date): string {
  const { expression, zone } = schedule;
  const when = whenOf(schedule);
  if (expression.startsWith('rate(')) return `${when}, counted from its deployment`;
  try {
    const { value: next } = momentsOf(expression, zone, now).next();
    if (next === undefined) return `${when}, with no moment left`;
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    const weekday = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' });
    return `${when}, next ${weekday.format(next)} ${shown.format(next)} ${zone}`;
  } catch (error) {
    return `${when}, next unknown (${(error as Error).message.replace(/\.$/, '')})`;
  }
}
