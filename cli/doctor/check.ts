import { unreadableAnswer } from '../deployment/aws-failure';
import type { Deployment } from '../deployment/find-deployment';

/** `unknown`: it could not be looked at. */
export type Verdict = 'ok' | 'warning' | 'fault' | 'unknown';

/** What was found, in one sentence, and what to do about it. */
export interface Finding {
  readonly verdict: Verdict;
  readonly found: string;
  /** Undefined where there is nothing to do. */
  readonly todo?: string;
}

export const ok = (found: string): Finding => ({ verdict: 'ok', found });
export const warning = (found: string, todo: string): Finding => ({ verdict: 'warning', found, todo });
export const fault = (found: string, todo: string): Finding => ({ verdict: 'fault', found, todo });

/** What the checks begin with: the deployment, and what its chain function is told. */
export interface Patient {
  readonly deployment: Deployment;
  /** Variables of the chain function. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A row of the table of checks, before the type of what it reads is forgotten. */
interface CheckRow<Reading> {
  readonly id: string;
  /** Actions that the caller must be allowed. */
  readonly needs: readonly string[];
  readonly read: (patient: Patient) => Promise<Reading>;
  readonly judge: (reading: Reading, patient: Patient) => Finding;
}

export interface Check {
  readonly id: string;
  readonly needs: readonly string[];
  readonly examine: (patient: Patient) => Promise<Finding>;
}

/** A check. What cannot be read is a finding of its own, and keeps nobody from the other checks. */
export function check<Reading>({ id, needs, read, judge }: CheckRow<Reading>): Check {
  const examine = async (patient: Patient): Promise<Finding> => {
    let reading: Reading;
    try {
      reading = await read(patient);
    } catch (error) {
      return notSeen(error as Error, needs);
    }
    return judge(reading, patient);
  };
  return { id, needs, examine };
}

/** What services answer to an operation that they do not have. */
const NOT_SERVED = /^(UnknownOperation(Exception)?|InvalidAction|NotImplemented(Exception)?)$/;

function notSeen(error: Error, needs: readonly string[]): Finding {
  const { name, message, cause } = error;
  if (NOT_SERVED.test(name)) {
    return {
      ...{ verdict: 'unknown', found: 'could not look: what answers does not have this operation' },
      todo: 'ask a stack that is deployed on AWS; the embedded services have what runs need',
    };
  }
  const said = message ? ` (${message.replaceAll(/\s+/g, ' ').replace(/\.$/, '')})` : '';
  const { code } = (cause ?? {}) as { readonly code?: string };
  const found = `could not look: ${unreadableAnswer(error) ?? code ?? `${name}${said}`}`;
  const todo = /^(AccessDenied|NotAuthorized|AuthorizationError|UnauthorizedOperation)/.test(name)
    ? `have your role allowed ${needs.join(' and ')}`
    : 'look at AWS_REGION and AWS_ENDPOINT_URL: the service may not be there';
  return { verdict: 'unknown', found, todo };
}

/** What `ask` answers, or undefined where AWS says that there is no such thing. */
export async function unlessAbsent<Answer>(ask: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask;
  } catch (error) {
    if (/^(NotFound|ResourceNotFound)(Exception)?$/.test((error as Error).name)) return undefined;
    throw error;
  }
}
