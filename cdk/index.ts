/** The door `worker-chains/cdk`: the construct and what its properties need. */

export type { MapMode } from '../functions/contract/map-mode';
export { METRICS } from '../functions/contract/names';
export type { AlarmSeverity, AlarmThresholds } from './alarm-definitions';
export type { AlarmTopics } from './alarm-topics';
export type { JobSchedule, ScheduledRun } from './job-schedules';
export { Ledger, type LedgerProps } from './ledger-storage';
export type { MailPermissions } from './mail-permissions';
export type { MetricName } from './metrics';
export { WorkerChainsDashboard, type WorkerChainsDashboardProps } from './shared-dashboard';
export type { StopMetric } from './stop-on';
export { UnexpectedValue } from './validation';
export { WorkerChains, type WorkerChainsProps } from './worker-chains';
