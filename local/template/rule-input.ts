/** What a rule's target gets for the scheduled event of a moment. */
export type RuleInput = (time: Date) => Record<string, unknown>;

interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** What the scheduled event says of its rule. */
export interface EventOrigin {
  readonly region: string;
  readonly accountId: string;
  readonly ruleArn: string;
}

/**
 * Reads an `InputTransformer`; `where` names it in errors.
 *
 * @throws Error where EventBridge would refuse it, or its paths are not implemented
 */
export function ruleInput(transformer: InputTransformer, origin: EventOrigin, where: string): RuleInput {
  const paths = transformer.InputPathsMap ?? {};
  for (const [name, path] of Object.entries(paths)) {
    if (!/^\$(\.[\w-]+)+$/.test(path)) {
      throw new Error(`The embedded engine reads paths like $.time only; ${where} has \`${path}\` for <${name}>.`);
    }
  }
  const input: RuleInput = (time) => {
    const event = scheduledEvent(time, origin);
    const values = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, valueAt(event, path)]));
    return parseObject(fillIn(transformer.InputTemplate, values, where), where);
  };
  // Once now, so that a template that does not come out as an object is refused when it is read.
  input(new Date(0));
  return input;
}

/** The event of a schedule, as EventBridge sends it: time in whole seconds. */
function scheduledEvent(time: Date, { region, accountId, ruleArn }: EventOrigin): Record<string, unknown> {
  return {
    version: '0',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region,
    resources: [ruleArn],
    detail: {},
  };
}

function valueAt(event: Record<string, unknown>, path: string): unknown {
  return path
    .slice(2)
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), event);
}

/** Between quotes a value is inserted as text, elsewhere as JSON; a path that found nothing gives null. */
function fillIn(template: string, values: Readonly<Record<string, unknown>>, where: string): string {
  const tokens = template.match(/\\.|"|<[\w.-]+>|[^\\"<]+|[\\<]/gs) ?? [];
  let quoted = false;
  return tokens
    .map((token) => {
      if (token === '"') quoted = !quoted;
      if (!/^<.+>$/.test(token)) return token;
      const name = token.slice(1, -1);
      if (!(name in values)) {
        throw new Error(`Expected ${where} to name one of its paths, got <${name}>: add it to the input's paths.`);
      }
      const value = values[name] ?? null;
      if (!quoted) return JSON.stringify(value);
      return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
    })
    .join('');
}

/** @throws Error where it is no object in JSON; `where` it was found */
export function parseObject(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`Expected ${where} to come out as JSON, got ${text}.`, { cause });
  }
  if (!isObject(value)) throw new Error(`Expected ${where} to come out as an object, got ${text}.`);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
