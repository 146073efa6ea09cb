import { LaterVersion } from '../contract/errors';
import { normalizeAddress } from '../email/address';
import type { FeedbackKind, MailEvent } from '../ledger/feedback';
import type { Ledger } from '../ledger/ledger';
import { roundOf } from '../ledger/reaction';
import { recipientKeyOf } from '../ledger/recipients';
import type { RunRecord } from '../ledger/records';
import { type JudgeDependencies, type Judgement, judgeFeedback } from './judge-feedback';
import { ChainsOfBatch, confirmEvidence, type EvidenceLedger, keepEvidence } from './send-evidence';
import { type SesFeedback, sesFeedbackOf } from './ses-event';

/** Longer than an execution can be redriven, 14 days: until then, somebody may ask. */
const KEPT_SECONDS = 30 * 86_400;

/** A message of the queue: its id there, and the event that EventBridge put into it, in JSON. */
export interface FeedbackMessage {
  readonly messageId: string;
  readonly body: string;
}

export interface TakeFeedbackDependencies extends JudgeDependencies {
  readonly ledger: JudgeDependencies['ledger'] & EvidenceLedger & Pick<Ledger, 'recipients'>;
}

/** What a batch of messages led to. */
export interface FeedbackReport {
  /** Messages that must come again, and why. */
  readonly failed: readonly { readonly messageId: string; readonly error: unknown }[];
  /** Messages that say nothing about a mail of a run, and why. */
  readonly unread: readonly { readonly messageId: string; readonly because: string }[];
  /** Events that were not known before, by job and kind. Those of runs that are gone have no job. */
  readonly taken: readonly { readonly job?: string; readonly kind: FeedbackKind }[];
  readonly judgements: readonly (Judgement & { readonly runId: string })[];
}

/**
 * Takes what mailbox providers say of our mails into the ledger, and lets the runs react. Every step may be done again:
 * events come late, out of order and more than once, and so does each message.
 */
export async function takeFeedback(
  messages: readonly FeedbackMessage[],
  dependencies: TakeFeedbackDependencies,
): Promise<FeedbackReport> {
  const failed: { messageId: string; error: unknown }[] = [];
  const unread: { messageId: string; because: string }[] = [];
  const taken: { job?: string; kind: FeedbackKind }[] = [];
  const judged = new Map<string, string[]>();
  const batch = new Batch(dependencies);
  const attempt = async (messageId: string, step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      failed.push({ messageId, error });
    }
  };
  const take = async ({ messageId, body }: FeedbackMessage) => {
    const feedback = sesFeedbackOf(body);
    if ('because' in feedback) {
      unread.push({ messageId, because: feedback.because });
      return;
    }
    const { kind, runId } = feedback.event;
    if (kind === 'accepted') return batch.keep(messageId, { ...feedback.event, expiresAt: batch.keptUntil });
    const { job, isNew } = await batch.take(feedback);
    if (isNew) taken.push({ ...(job !== undefined && { job }), kind });
    // Known events as well: the function may have died before it judged them.
    if (feedback.isJudged) judged.set(runId, [...(judged.get(runId) ?? []), messageId]);
  };
  await Promise.all(messages.map((message) => attempt(message.messageId, () => take(message))));
  await Promise.all(batch.unconfirmed.map(({ messageId, confirm }) => attempt(messageId, confirm)));
  const judgements: (Judgement & { runId: string })[] = [];
  for (const [runId, messageIds] of judged) {
    try {
      const judgement = await judgeFeedback(runId, dependencies);
      if (judgement) judgements.push({ runId, ...judgement });
    } catch (error) {
      // A later deployment has the run: it judges with the next event that its own function takes.
      if (error instanceof LaterVersion) continue;
      failed.push(...messageIds.map((messageId) => ({ messageId, error })));
    }
  }
  return { failed, unread, taken, judgements };
}

/** What a batch knows of runs and chains, each read once. */
class Batch {
  /** Evidence that was kept while its item was claimed. To be confirmed when all of the batch is kept. */
  readonly unconfirmed: { readonly messageId: string; readonly confirm: () => Promise<void> }[] = [];
  private readonly runs = new Map<string, Promise<RunRecord | undefined>>();
  private readonly ledger: TakeFeedbackDependencies['ledger'];
  private readonly before: ChainsOfBatch;
  private readonly after: ChainsOfBatch;

  /** Until when that is kept whose run is not known, in seconds since the epoch. */
  readonly keptUntil: number;

  constructor({ ledger, clock }: TakeFeedbackDependencies) {
    this.ledger = ledger;
    this.keptUntil = Math.floor(clock.now() / 1000) + KEPT_SECONDS;
    this.before = new ChainsOfBatch(ledger);
    this.after = new ChainsOfBatch(ledger);
  }

  async keep(messageId: string, event: MailEvent): Promise<void> {
    const { ledger, before, after } = this;
    const owner = await keepEvidence(event, before, ledger);
    if (owner === undefined) return;
    this.unconfirmed.push({ messageId, confirm: () => confirmEvidence(event, owner, after, ledger) });
  }

  async take(feedback: SesFeedback): Promise<{ readonly job?: string; readonly isNew: boolean }> {
    const { event, mailedAt, suppressed, suppression, isJudged } = feedback;
    const { ledger } = this;
    // First what the next mail depends on. The run may be long gone, or a later deployment's: the recipient stays.
    if (suppression) {
      await Promise.all(suppressed.map((address) => ledger.recipients.suppress(keyOf(address), suppression, event.at)));
    }
    const run = await this.run(event.runId);
    const expiresAt = run?.expiresAt ?? this.keptUntil;
    const isNew = await ledger.feedback.note({ ...event, expiresAt });
    const round = isNew && run && isJudged ? roundOf(run, mailedAt) : undefined;
    if (round !== undefined && (event.kind === 'bounced' || event.kind === 'complained')) {
      await ledger.judgedFeedback.count(event.runId, round, event.kind, expiresAt);
    }
    return { ...(run && { job: run.job }), isNew };
  }

  private run(runId: string): Promise<RunRecord | undefined> {
    const known = this.runs.get(runId) ?? this.readRun(runId);
    this.runs.set(runId, known);
    return known;
  }

  private async readRun(runId: string): Promise<RunRecord | undefined> {
    try {
      return await this.ledger.readRun(runId);
    } catch (error) {
      if (error instanceof LaterVersion) return undefined;
      throw error;
    }
  }
}

/** SES may name an address without the quotes that the mail had: it is the same recipient. */
function keyOf(address: string): string {
  return recipientKeyOf(normalizeAddress(address) ?? address);
}
