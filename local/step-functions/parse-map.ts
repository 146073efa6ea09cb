import type { Container, MapState } from './definition';
import { invalid, unimplemented } from './definition-error';
import { Fields } from './fields';
import { catchers, exit, integerTemplate, optionalTemplate, retriers, type Site } from './parse-exits';
import { isConstant } from './payload-template';

/** What a Map has beside what it shares with other states. */
export const MAP_FIELDS = ['Items', 'ItemSelector', 'MaxConcurrency', 'ItemProcessor', 'Label'] as const;

/** Longest label ("Map state", field Label), in characters. */
const LONGEST_LABEL = 40;
/** What AWS refuses in a label: white space, brackets, wildcards, special and control characters. */
const FORBIDDEN_IN_LABELS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS refuses control characters by their code.
  /[\s?*<>{}[\]:;,\\|^~$#%&`"\u0000-\u001f\u007f-\u009f]/;

/** Reads the states of an ItemProcessor; `scope` is what is different there from an inline Map's. */
type ParseProcessor = (scope: Partial<Site>, processor: Fields) => Container;

/** @throws ServiceError `InvalidDefinition` where the Map is malformed, or not implemented */
export function parseMap(site: Site, fields: Fields, name: string, parseProcessor: ParseProcessor): MapState {
  const processor = new Fields(fields.required('ItemProcessor'), fields.at('ItemProcessor'), [
    'ProcessorConfig',
    'StartAt',
    'States',
    'Comment',
  ]);
  const label = isDistributed(processor) ? labelOf(site, fields) : undefined;
  if (label === undefined && fields.has('Label')) throw unimplemented("'Label' of an inline Map", fields.path);
  const items = optionalTemplate(site, fields, 'Items');
  if (items !== undefined && isConstant(items) && !Array.isArray(items.constant)) {
    throw invalid('SCHEMA_VALIDATION_FAILED', 'Expected an array or an expression', fields.at('Items'));
  }
  return {
    type: 'Map',
    name,
    items,
    itemSelector: optionalTemplate(site, fields, 'ItemSelector'),
    maxConcurrency: integerTemplate(site, fields, 'MaxConcurrency', 0),
    // A child is an execution of its own: it sees no variable from around it, and may have one of the same name.
    processor: parseProcessor(label === undefined ? {} : { outerVariables: new Set() }, processor),
    ...(label === undefined ? undefined : { label }),
    retriers: retriers(fields),
    catchers: catchers(site, fields),
    ...exit(site, fields),
  };
}

function isDistributed(processor: Fields): boolean {
  if (!processor.has('ProcessorConfig')) return false;
  const path = processor.at('ProcessorConfig');
  const config = new Fields(processor.get('ProcessorConfig'), path, ['Mode', 'ExecutionType']);
  if (config.oneOf('Mode', ['INLINE', 'DISTRIBUTED']) === 'INLINE') {
    if (config.has('ExecutionType')) throw unimplemented("'ExecutionType' of an inline Map", path);
    return false;
  }
  config.text('ExecutionType');
  config.oneOf('ExecutionType', ['STANDARD']);
  return true;
}

function labelOf(site: Site, fields: Fields): string {
  if (site.isInMap) throw unimplemented('a distributed Map inside a Map', fields.path);
  // Without one AWS makes a label up, by which nobody could name the Map Run's executions in a policy.
  if (!fields.has('Label')) throw unimplemented("a distributed Map without 'Label'", fields.path);
  const label = fields.text('Label');
  if (label.length > LONGEST_LABEL) {
    throw invalid('SCHEMA_VALIDATION_FAILED', `Label cannot exceed ${LONGEST_LABEL} characters`, fields.at('Label'));
  }
  const forbidden = FORBIDDEN_IN_LABELS.exec(label)?.[0];
  if (forbidden !== undefined) {
    throw invalid('SCHEMA_VALIDATION_FAILED', `Label contains invalid character: '${forbidden}'`, fields.at('Label'));
  }
  if (site.labels.has(label)) {
    throw invalid('SCHEMA_VALIDATION_FAILED', `'${label}' labels another Map too`, fields.at('Label'));
  }
  site.labels.add(label);
  return label;
}
