import { SES_SOURCES, type SesError } from '../functions/email/documented-error';
import { FAILURE_RULES } from '../functions/email/refusal';
import { SES_ERRORS } from '../functions/email/ses-errors';
import { codeSpan, markdownTable } from './markdown-table';

/** What becomes of the item, by our verdict. */
const ITEM: Readonly<Record<SesError['kind'], string>> = {
  throttled: 'tried again, more slowly',
  'quota-exhausted': 'not started; the chain ends with `Chain.QuotaExhausted`',
  rejected: 'unprocessed, with the code',
  ambiguous: 'in doubt, never tried again by itself',
};

const TITLES: Readonly<Record<keyof typeof SES_SOURCES, string>> = {
  action: 'SendRawEmail',
  quotas: 'Errors related to the sending quotas',
  sending: 'Email sending errors',
  codes: 'API error codes',
  common: 'Common errors',
  signature: 'Troubleshoot signed requests',
  limits: 'CreateConfigurationSet',
};

export function sesErrorsDoc(): string {
  return `# What SES's errors mean

Made by \`npm run docs\` from \`functions/email/ses-errors.ts\` and \`functions/email/refusal.ts\`, by which the functions judge: change those.

Each mail is one call of SendRawEmail, tried once (decision [9](decisions/0009-one-attempt.md)). What SES answers is judged by the first row that fits: code, with or without \`Exception\` at its end, and message, where one is given. A code that stands for a fault of the call counts only with HTTP 4xx.

| our verdict | what it means | what becomes of the item |
|---|---|---|
| \`throttled\` | not sent, and it passes by waiting | ${ITEM.throttled} |
| \`quota-exhausted\` | not sent, and waiting for minutes does not help | ${ITEM['quota-exhausted']}; a redrive takes it up |
| \`rejected\` | not sent, and the same call would be refused again | ${ITEM.rejected}; a run for the leftovers takes it up. Too many of them end the run: \`Chain.TooManyFailures\` |
| \`ambiguous\` | it is not known whether it was sent | ${ITEM.ambiguous}; a \`Send\` event of SES settles it as done, where the run has feedback |

## Documented errors

${markdownTable(
  ['code', 'HTTP', 'message', 'meaning', 'our verdict', 'the item', 'what you do', 'source'],
  SES_ERRORS.map(({ code, status, message, meaning, kind, remedy, source }) => [
    codeSpan(code),
    String(status),
    message ? codeSpan(String(message)) : 'any other',
    meaning,
    codeSpan(kind),
    ITEM[kind],
    remedy,
    `[${TITLES[source]}](${SES_SOURCES[source]})`,
  ]),
)}

Not in the table, because SendRawEmail does not answer with them: the replies of the SMTP interface, and the statuses of a bulk call's single mails (\`AccountThrottled\` and the like).

## Everything else

What no row above fits is judged by the first of these that does.

${markdownTable(
  ['failure', 'our verdict', 'the item', 'why'],
  FAILURE_RULES.map(({ what, kind, why }) => [what, codeSpan(kind), ITEM[kind], why]),
)}
`;
}
