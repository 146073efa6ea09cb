import postgres from 'postgres';
import { isTransient, retryTransient, variable } from 'worker-chains';

/** Well below what load balancers and NAT gateways (350 s on AWS) drop a silent connection after, without a word to us. */
const IDLE_MILLISECONDS = 60_000;
/** The server was not reached, went away, is shutting down, starts up, has no connection left, or had to choose a victim. */
const PASSING = /^(CONNECT_TIMEOUT|CONNECTION_CLOSED|CONNECTION_DESTROYED|08...|40...|53...|57P..)$/;

let pool: { readonly sql: postgres.Sql; usedAt: number } | undefined;

/** Reads, again if need be: reading twice does no harm. */
export function read<Rows>(query: (sql: postgres.Sql) => Promise<Rows>): Promise<Rows> {
  const shouldRetry = (error: unknown) => isTransient(error) || PASSING.test((error as { code?: string }).code ?? '');
  return retryTransient(() => query(connected()), { shouldRetry });
}

/** A connection may die while Lambda has frozen its environment, and timers stand still there: the wall clock tells. */
function connected(): postgres.Sql {
  if (pool && Date.now() - pool.usedAt > IDLE_MILLISECONDS) {
    void pool.sql.end({ timeout: 0 });
    pool = undefined;
  }
  pool ??= { sql: postgres(variable('DATABASE_URL'), { max: 2 }), usedAt: 0 };
  pool.usedAt = Date.now();
  return pool.sql;
}
