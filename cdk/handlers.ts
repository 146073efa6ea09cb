/** The handlers of the functions, by file name. */
export const HANDLERS = [
  'create-workers',
  'run-chain',
  'fail-chain',
  'judge-canary',
  'reconcile-run',
  'handle-feedback',
  'notify-run',
  'show-runs',
  'stop-runs',
  'unsubscribe',
] as const;

export type Handler = (typeof HANDLERS)[number];
