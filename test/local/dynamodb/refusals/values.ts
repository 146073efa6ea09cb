import {
  accepted,
  bytes,
  CAPTURED,
  CONSTRAINTS,
  KEY,
  NO_SETS,
  NOT_A_DOCUMENT,
  put,
  query,
  type Row,
  refused,
  text,
  update,
  when,
} from './row';

const TOO_LARGE = 'Item size has exceeded the maximum allowed size';
const LIMIT = 400 * 1024;
/** What the key of these rows costs: names and values of `pk`, `sk`; and the name `v`. */
const KEY_BYTES = 'pk'.length + 'refusals'.length + 'sk'.length + 'a'.length + 'v'.length;
const ITEM_SIZES = 'Developer Guide, CapacityUnitCalculations.html, and Constraints.html';

function nested(levels: number): object {
  let value: object = { S: 'x' };
  for (let level = 0; level < levels; level++) value = { M: { m: value } };
  return value;
}

const set = { wireOnly: NO_SETS };
const wire = { wireOnly: NOT_A_DOCUMENT };
const number = (N: string) => put({ v: { N } });

const sizes: readonly Row[] = [
  accepted('PutItem of 400 KB', 'PutItem', put({ v: { S: text(LIMIT - KEY_BYTES) } }), ITEM_SIZES),
  refused(
    'PutItem of 400 KB and a byte',
    'PutItem',
    put({ v: { S: text(LIMIT - KEY_BYTES + 1) } }),
    TOO_LARGE,
    CAPTURED,
  ),
  refused('PutItem of a binary above 400 KB', 'PutItem', put({ v: { B: bytes(410_000) } }), TOO_LARGE, CAPTURED),
  refused(
    'PutItem of a list above 400 KB',
    'PutItem',
    put({ v: { L: Array.from({ length: 100 }, () => ({ S: text(4_200) })) } }),
    TOO_LARGE,
    CAPTURED,
  ),
  refused(
    'PutItem of a set above 400 KB',
    'PutItem',
    put({ v: { SS: Array.from({ length: 100 }, (_, index) => text(4_200) + index) } }),
    TOO_LARGE,
    CAPTURED,
    set,
  ),
  refused(
    'BatchWriteItem of 400 KB and a byte',
    'BatchWriteItem',
    { RequestItems: { ledger: [{ PutRequest: { Item: { ...KEY, v: { S: text(LIMIT - KEY_BYTES + 1) } } } }] } },
    TOO_LARGE,
    ITEM_SIZES,
  ),
  refused(
    'UpdateItem that grows an item above 400 KB',
    'UpdateItem',
    update('SET w = :w', { ':w': { S: text(1_000) } }),
    'Item size to update has exceeded the maximum allowed size',
    ITEM_SIZES,
    { given: [{ table: 'ledger', item: { ...KEY, v: { S: text(LIMIT - 500) } } }] },
  ),
];

const DIGITS = 'Attempting to store more than 38 significant digits in a Number';
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';

const numbers: readonly Row[] = [
  refused(
    'A number of 39 digits',
    'PutItem',
    number('123456789012345678901234567890123456789'),
    DIGITS,
    CAPTURED,
    wire,
  ),
  accepted('A number of 38 digits', 'PutItem', number('12345678901234567890123456789012345678'), CAPTURED, wire),
  accepted(
    'A number of 38 digits and zeros around them',
    'PutItem',
    number('0012345678901234567890123456789012345678000'),
    CAPTURED,
    wire,
  ),
  refused('1E+126', 'PutItem', number('1E+126'), OVERFLOW, CAPTURED, wire),
  refused('-1E+126', 'PutItem', number('-1E+126'), OVERFLOW, CAPTURED, wire),
  accepted(
    '9.9999999999999999999999999999999999999E+125',
    'PutItem',
    number('9.9999999999999999999999999999999999999E+125'),
    CAPTURED,
    wire,
  ),
  refused('1E-131', 'PutItem', number('1E-131'), UNDERFLOW, CAPTURED),
  accepted('1E-130', 'PutItem', number('1E-130'), CAPTURED),
  refused(
    'A number that is a word',
    'PutItem',
    number('many'),
    /^The parameter cannot be converted to a numeric value/,
    CONSTRAINTS,
    wire,
  ),
  refused(
    'A number that is empty',
    'PutItem',
    number(''),
    /^The parameter cannot be converted to a numeric value/,
    CONSTRAINTS,
    wire,
  ),
  refused(
    'A number of 39 digits as operand',
    'PutItem',
    when('v = :v', { ':v': { N: '123456789012345678901234567890123456789' } }),
    new RegExp(DIGITS),
    CONSTRAINTS,
    wire,
  ),
];

const invalid = (rest: string) => `One or more parameter values were invalid: ${rest}`;
const NO_STRINGS = invalid('An string set  may not be empty');

const sets: readonly Row[] = [
  refused('An empty string set', 'PutItem', put({ v: { SS: [] } }), NO_STRINGS, CAPTURED, set),
  refused(
    'An empty number set',
    'PutItem',
    put({ v: { NS: [] } }),
    invalid('An number set  may not be empty'),
    CAPTURED,
    set,
  ),
  refused('An empty binary set', 'PutItem', put({ v: { BS: [] } }), /Binary sets should not be empty/, CAPTURED, set),
  refused('An empty set in a map', 'PutItem', put({ v: { M: { s: { SS: [] } } } }), NO_STRINGS, CAPTURED, set),
  refused('An empty set in a list', 'PutItem', put({ v: { L: [{ SS: [] }] } }), NO_STRINGS, CAPTURED, set),
  refused(
    'An empty set as new value',
    'UpdateItem',
    update('SET v = :v', { ':v': { SS: [] } }),
    /An string set {2}may not be empty/,
    CAPTURED,
    set,
  ),
  refused(
    'A string twice in a set',
    'PutItem',
    put({ v: { SS: ['a', 'a'] } }),
    invalid('Input collection [a, a] contains duplicates.'),
    CAPTURED,
    set,
  ),
  refused(
    'A number twice in a set',
    'PutItem',
    put({ v: { NS: ['1', '1.0'] } }),
    /Input collection.*contains duplicates/,
    CAPTURED,
    set,
  ),
  refused(
    'A binary twice in a set',
    'PutItem',
    put({ v: { BS: ['AQ==', 'AQ=='] } }),
    /Input collection.*contains duplicates/,
    CONSTRAINTS,
    set,
  ),
  accepted('A set of one empty string', 'PutItem', put({ v: { SS: [''] } }), CONSTRAINTS, set),
];

export const VALUE_ROWS: readonly Row[] = [
  ...sizes,
  ...numbers,
  ...sets,
  refused(
    'A value of no type',
    'PutItem',
    put({ v: {} }),
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    CAPTURED,
    wire,
  ),
  refused(
    'A value of two types',
    'PutItem',
    put({ v: { S: 'a', N: '1' } }),
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    CAPTURED,
    wire,
  ),
  refused(
    'A NULL that is false',
    'PutItem',
    put({ v: { NULL: false } }),
    invalid('Null attribute value types must have the value of true'),
    CAPTURED,
    wire,
  ),
  refused('An attribute without a name', 'PutItem', put({ '': { S: 'a' } }), /[Aa]ttribute name/, CONSTRAINTS),
  refused(
    'An attribute without a name in a map',
    'PutItem',
    put({ v: { M: { '': { S: 'a' } } } }),
    /[Aa]ttribute name/,
    CONSTRAINTS,
  ),
  refused(
    'An attribute name above 64 KB',
    'PutItem',
    put({ [text(65_536)]: { S: 'a' } }),
    /Attribute name is too large/,
    CONSTRAINTS,
  ),
  accepted('An attribute name just below 64 KB', 'PutItem', put({ [text(65_535)]: { S: 'a' } }), CONSTRAINTS),
  refused(
    'Values in 33 levels',
    'PutItem',
    put({ v: nested(33) }),
    /^Nesting Levels have exceeded supported limits/,
    CONSTRAINTS,
  ),
  accepted('Values in 31 levels', 'PutItem', put({ v: nested(31) }), CONSTRAINTS),
  accepted(
    'Empty strings, binaries, lists and maps that are no keys',
    'PutItem',
    put({ s: { S: '' }, b: { B: '' }, l: { L: [{ S: '' }] }, m: { M: {} } }),
    CAPTURED,
  ),
  accepted(
    'An empty string as operand of a filter',
    'Query',
    query('pk = :pk', { ':pk': KEY.pk, ':v': { S: '' } }, { FilterExpression: 'v = :v' }),
    CAPTURED,
  ),
];
