import {
  GetAccountCommand,
  type GetAccountCommandOutput,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { counted } from '../../functions/contract/counted';
import { ENVIRONMENT } from '../../functions/contract/names';
import { usableToday } from '../../functions/contract/quota';
import { parseSender } from '../../functions/email/address';
import { type Check, check, type Finding, fault, ok, type Patient, unlessAbsent, warning } from './check';

const IN_SES = 'in the SES console of the region';

/** An identity that may stand for the sender: its address, its domain, or a parent domain. */
interface SeenIdentity {
  readonly name: string;
  readonly isVerified: boolean;
  /** Its default configuration set. */
  readonly configurationSet?: string | undefined;
}

/** Of a job that sends mails. */
export function mailChecks(ses: SESv2Client): readonly Check[] {
  const account = () => ses.send(new GetAccountCommand({}));
  const identities = (patient: Patient) => identitiesOf(senderOf(patient), ses);
  return [
    check({ id: 'sandbox', needs: ['ses:GetAccount'], read: account, judge: judgeSandbox }),
    check({ id: 'sending', needs: ['ses:GetAccount'], read: account, judge: judgeSending }),
    check({ id: 'quota', needs: ['ses:GetAccount'], read: account, judge: judgeQuota }),
    check({ id: 'sender', needs: ['ses:GetEmailIdentity'], read: identities, judge: judgeSender }),
    check({
      id: 'configuration-set',
      needs: ['ses:GetConfigurationSet', 'ses:GetEmailIdentity'],
      read: async (patient) => {
        const name = patient.environment[ENVIRONMENT.configurationSet];
        const command = new GetConfigurationSetCommand({ ConfigurationSetName: name });
        const set = name === undefined ? undefined : await unlessAbsent(ses.send(command));
        const ofIdentity = name === undefined ? (await identities(patient)).find((each) => each.isVerified) : undefined;
        return { set, ofIdentity };
      },
      judge: ({ set, ofIdentity }, { environment }) => {
        const name = environment[ENVIRONMENT.configurationSet];
        if (name === undefined && ofIdentity?.configurationSet !== undefined) {
          return fault(
            `${ofIdentity.name} has the default configuration set ${ofIdentity.configurationSet}, and the deployment does not know it`,
            'name it as configurationSet and deploy: SES wants a permission for it',
          );
        }
        if (name === undefined) return ok('none: what becomes of mails is not followed');
        if (set === undefined) return fault(`${name} is not there`, 'deploy again, or name another one');
        if (set.SendingOptions?.SendingEnabled === false) {
          return fault(`sending with ${name} is paused`, `enable it ${IN_SES}, once its cause is mended`);
        }
        return ok(`${name} is there`);
      },
    }),
  ];
}

function judgeSandbox({ ProductionAccessEnabled }: GetAccountCommandOutput): Finding {
  if (ProductionAccessEnabled) return ok('the account has production access');
  return warning(
    'the account is in the sandbox: it sends to verified recipients only',
    `ask for production access ${IN_SES}; until then name the recipients as sandboxRecipients`,
  );
}

function judgeSending({ SendingEnabled, EnforcementStatus }: GetAccountCommandOutput): Finding {
  if (!SendingEnabled || EnforcementStatus === 'SHUTDOWN') {
    return fault(`sending is paused (${EnforcementStatus ?? 'no status'})`, `read why ${IN_SES}, and answer there`);
  }
  if (EnforcementStatus !== undefined && EnforcementStatus !== 'HEALTHY') {
    return warning(`the account's status is ${EnforcementStatus}`, `read why ${IN_SES} before you send more`);
  }
  return ok('the account may send');
}

/** Mails that runs may still send within 24 hours; infinite where there is no such quota. */
export function leftOf({ SendQuota: quota }: GetAccountCommandOutput, { environment }: Patient): number {
  const { MaxSendRate: perSecond = 0, Max24HourSend: perDay = 0, SentLast24Hours: usedToday = 0 } = quota ?? {};
  // -1: there is none.
  if (perDay < 0) return perSecond > 0 ? Number.POSITIVE_INFINITY : 0;
  return usableToday({ perSecond, perDay, usedToday }, shareOf(environment));
}

function shareOf(environment: Patient['environment']): number {
  return Number(environment[ENVIRONMENT.sendShare] ?? 1);
}

function judgeQuota(account: GetAccountCommandOutput, patient: Patient): Finding {
  const { MaxSendRate = 0, Max24HourSend = 0 } = account.SendQuota ?? {};
  const share = shareOf(patient.environment);
  const rate = `${Math.round(10 * MaxSendRate * share) / 10} of ${counted(MaxSendRate, 'mail')} per second`;
  if (Max24HourSend < 0) return ok(`runs may use ${rate}, and as many a day as they like`);
  const left = leftOf(account, patient);
  const found = `runs may use ${rate}, and ${counted(left, 'more mail')} of ${Max24HourSend} within 24 hours`;
  if (left === 0 || MaxSendRate === 0) return fault(found, 'wait, or have the quota raised in Service Quotas');
  return ok(`${found}; whether that does for a run, plan --stack says`);
}

function senderOf({ environment }: Patient): string {
  return parseSender(environment[ENVIRONMENT.sender] as string).address;
}

/** Those that there are, the narrowest first. */
async function identitiesOf(sender: string, ses: SESv2Client): Promise<readonly SeenIdentity[]> {
  const labels = sender.slice(sender.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  const seen: SeenIdentity[] = [];
  for (const name of [sender, ...domains]) {
    const answer = await unlessAbsent(ses.send(new GetEmailIdentityCommand({ EmailIdentity: name })));
    if (answer === undefined) continue;
    const isVerified = answer.VerifiedForSendingStatus === true;
    seen.push({ name, isVerified, configurationSet: answer.ConfigurationSetName });
  }
  return seen;
}

function judgeSender(identities: readonly SeenIdentity[], patient: Patient): Finding {
  const sender = senderOf(patient);
  const verified = identities.find(({ isVerified }) => isVerified);
  const [narrowest] = identities;
  if (narrowest === undefined) {
    return fault(`there is no identity for ${sender}`, `create and verify its address or its domain ${IN_SES}`);
  }
  if (verified === undefined) {
    return fault(
      `${narrowest.name} is not verified`,
      narrowest.name === sender ? 'open the link in the mail that SES sent there' : 'publish the DNS records of SES',
    );
  }
  if (verified !== narrowest) {
    return warning(
      `${verified.name} is verified, ${narrowest.name} is an identity of its own and is not`,
      `verify ${narrowest.name} or delete it`,
    );
  }
  return ok(`${verified.name} is verified for ${sender}`);
}
