import type { ExecutionView, RunView } from '../view';
import { elapsedOf } from './elapsed';
import type { EventLog } from './event-log';
import { dateAndTime, duration, times, words } from './format';
import { Graph } from './graph';
import { Lanes } from './lanes';
import { Leftovers } from './leftovers';
import { OperationsBar } from './operations-bar';
import { ReportCards } from './report-cards';
import { chainIn, followLink, NEWEST_HREF, type Route } from './route';
import { Standstill } from './standstill';
import { Totals } from './totals';
import { useLeftovers } from './use-leftovers';

interface Props {
  readonly run: RunView | undefined;
  readonly route: Route;
  readonly events: EventLog;
  /** The server refuses to show the execution, and the banner says why. */
  readonly failing: boolean;
}

export function RunPanel({ run, route, events, failing }: Props) {
  if (!run?.execution)
    return <NoRun asked={run === undefined} pinned={route.execution !== undefined} failing={failing} />;
  return <Shown run={run} execution={run.execution} route={route} events={events} />;
}

interface ShownProps extends Omit<Props, 'failing'> {
  readonly run: RunView;
  readonly execution: ExecutionView;
}

function Shown({ run, execution, route, events }: ShownProps) {
  const leftovers = useLeftovers(run);
  return (
    <div>
      {route.execution !== undefined && <Pinned run={run} />}
      <Head run={run} execution={execution} />
      <OperationsBar execution={execution} totals={run.totals} />
      <Standstill run={run} execution={execution} leftovers={leftovers} />
      <Leftovers run={run} leftovers={leftovers} />
      <Totals run={run} execution={execution} />
      <section class="card" aria-label="States">
        <h2>States</h2>
        <Graph run={run} execution={execution} log={events} />
      </section>
      <Lanes run={run} execution={execution} marked={chainIn(route.argument)} />
      <ReportCards execution={execution} endpoints={run.endpoints} />
    </div>
  );
}

function NoRun({
  asked,
  pinned,
  failing,
}: {
  readonly asked: boolean;
  readonly pinned: boolean;
  readonly failing: boolean;
}) {
  if (pinned && failing) {
    return (
      <div class="empty">
        <h1>This execution cannot be shown</h1>
        <p>
          <Newest>Show the newest execution</Newest>
        </p>
      </div>
    );
  }
  if (asked) return <div class="empty">Loading …</div>;
  return (
    <div class="empty">
      <h1>Waiting for the execution</h1>
      <p>The functions and the state machine are being prepared. The run appears here as soon as it starts.</p>
    </div>
  );
}

/** The page stays with the execution that its address names, whatever starts meanwhile. */
function Pinned({ run }: { readonly run: RunView }) {
  const newest = run.executions[0];
  const overtaken = newest !== undefined && newest.arn !== run.execution?.arn;
  return (
    <p class="pinned">
      {overtaken
        ? `This page stays with one execution; ${newest.name} is newer. `
        : 'This page stays with this execution. '}
      <Newest>Follow the newest</Newest>
    </p>
  );
}

function Newest({ children }: { readonly children: string }) {
  return (
    <a href={NEWEST_HREF} onClick={followLink}>
      {children}
    </a>
  );
}

function Head({ run, execution }: { readonly run: RunView; readonly execution: ExecutionView }) {
  const { name, status, startDate, redriveCount } = execution;
  const job = run.executions.find(({ arn }) => arn === execution.arn)?.job;
  const facts = [
    job,
    `Started ${dateAndTime(startDate)}`,
    `${status === 'RUNNING' ? 'running for' : 'took'} ${duration(elapsedOf(execution, run.now))}`,
    redriveCount > 0 && `redriven ${times(redriveCount)}`,
  ];
  return (
    <div class="head">
      <div class="title">
        <h1>{name}</h1>
        <span class="pill" data-status={status}>
          {words(status)}
        </span>
        {run.dryRun && (
          <span class="pill" title="Nothing is sent and nobody is called: done means that it would have been">
            dry run
          </span>
        )}
      </div>
      <p class="meta">{facts.filter(Boolean).join(' · ')}</p>
    </div>
  );
}
