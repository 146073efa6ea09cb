import { logHref } from '../../page/client/log-link';

const logs = { place: 'CloudWatch', region: 'eu-west-1', logGroup: '/aws/lambda/Mails RunChain' } as const;

it("leads to the console's search of the log group for the invocation, a minute around it", () => {
  const href = logHref(logs, '5f2b-11', 1_000_000, 2_000_000);
  expect(href).toBe(
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252FMails$2520RunChain/log-events$3FfilterPattern$3D$25225f2b-11$2522$26start$3D940000$26end$3D2060000',
  );
  const [, events = ''] = href.replaceAll('$', '%').split('/log-events');
  expect(new URLSearchParams(decodeURIComponent(events)).get('filterPattern')).toBe('"5f2b-11"');
});
