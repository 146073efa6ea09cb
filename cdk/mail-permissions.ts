import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Job } from '../functions/contract/job';
import { MAIL_ONLY, sendsMail } from '../functions/contract/provider';
import { parseSender } from '../functions/email/address';
import { asUnexpected, UnexpectedValue } from './validation';

export interface MailPermissions {
  /** `From` of every mail: `digest@example.com` or `Weekly Digest <digest@example.com>`. */
  readonly sender: string;

  /**
   * The identity that is verified in SES, in the region of the stack: the sender's address, its domain, or a parent domain.
   *
   * @default - the address or its domain, whichever is verified: SES takes the address if both are
   */
  readonly senderIdentity?: string;

  /**
   * Configuration set of every mail, one that there is already: it gets an event destination, by which bounces and
   * complaints come back. Give the default one of the identity, if it has one: what that does is not done otherwise.
   *
   * @default - one of the ledger's own, shared by all jobs of the ledger
   */
  readonly configurationSet?: string;

  /**
   * Whether there is an endpoint at which recipients unsubscribe, for `unsubscribeLink` of a job: a function URL, one for
   * all jobs of the ledger.
   *
   * @default - true
   */
  readonly unsubscribe?: boolean;

  /**
   * Identities, addresses or domains, of the recipients. An account in the SES sandbox needs permission for these, too.
   *
   * @default - none: the account is out of the sandbox
   */
  readonly sandboxRecipients?: readonly string[];
}

/** What a construct says about mails. */
interface MailProps {
  readonly mail?: MailPermissions;
  readonly sendShare?: number;
}

/**
 * Refuses a sender that is none, and what does not fit to the providers of the job.
 *
 * @throws UnexpectedValue where the mailer would refuse the sender, a job that sends no mails is given one, or one that
 * declares that it does is given none
 */
export function requireMailFor(job: Pick<Job, 'name' | 'providers'>, { mail, sendShare }: MailProps): void {
  if (mail !== undefined) addressOf(mail.sender);
  if (!sendsMail(job)) {
    const given = mail !== undefined ? 'mail' : sendShare !== undefined ? 'sendShare' : undefined;
    if (given === undefined) return;
    const instead = given === 'mail' ? 'add `mail: ses()` to them' : "give a provider's `reserve`";
    throw new UnexpectedValue(
      `Expected no \`${given}\` for the job ${job.name}, whose \`providers\` have no ses(), got one: leave it out, or ${instead}.`,
    );
  }
  if (mail !== undefined || job.providers === undefined || job.providers === MAIL_ONLY) return;
  throw new UnexpectedValue(
    `Expected \`mail\` for the job ${job.name}, whose \`providers\` have ses(), got nothing: say who the \`sender\` of its mails is.`,
  );
}

const IDENTITY = /^[^\s@*?/]+(@[^\s@*?/]+)?$/;

/**
 * The same name.
 *
 * @throws UnexpectedValue where SES would not take it for a configuration set's
 */
export function requireConfigurationSet(name: string | undefined): string | undefined {
  if (name === undefined || /^[A-Za-z0-9_-]{1,64}$/.test(name)) return name;
  throw new UnexpectedValue(
    `Expected \`configurationSet\` to be a name of 1 to 64 letters, digits, hyphens and underscores, got ${JSON.stringify(name)}.`,
  );
}

/**
 * Allows a function to send mails from `sender`, in the form in which the mailer writes it, and from nobody else.
 *
 * @throws UnexpectedValue where the mailer would refuse the sender or an identity is malformed or not the sender's
 */
export function permitMails(fn: IFunction, mails: MailPermissions, configurationSet: string): void {
  const address = addressOf(mails.sender);
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const own =
    mails.senderIdentity === undefined ? [domain, address] : [identityOf(mails.senderIdentity, address, domain)];
  const others = (mails.sandboxRecipients ?? []).map(recipientIdentity);
  const resources = [...own, ...others].map((name) => ({ resource: 'identity', resourceName: name }));
  resources.push({ resource: 'configuration-set', resourceName: configurationSet });
  fn.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['ses:SendRawEmail'],
      resources: resources.map((one) => Stack.of(fn).formatArn({ service: 'ses', ...one })),
      conditions: { StringEquals: { 'ses:FromAddress': address } },
    }),
  );
}

function addressOf(sender: string): string {
  return asUnexpected(() => parseSender(sender)).address;
}

function identityOf(given: string, address: string, domain: string): string {
  const identity = given.includes('@') ? addressOf(given) : given.toLowerCase();
  const isParent = identity.includes('.') && `.${domain}`.endsWith(`.${identity}`);
  if (identity === address || isParent) return identity;
  throw new UnexpectedValue(
    `Expected \`senderIdentity\` to be ${address}, its domain ${domain} or a parent domain, got ${JSON.stringify(given)}: name the identity that is verified in SES.`,
  );
}

function recipientIdentity(given: string): string {
  if (!IDENTITY.test(given)) {
    throw new UnexpectedValue(
      `Expected \`sandboxRecipients\` to be addresses or domains, got ${JSON.stringify(given)}: name identities that are verified in SES.`,
    );
  }
  return given.includes('@') ? addressOf(given) : given.toLowerCase();
}
