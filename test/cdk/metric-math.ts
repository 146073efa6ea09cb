/** A value per data point; undefined where there is none. */
export type Value = number | undefined;

type Expression = (lookUp: (id: string) => Value) => Value;

/**
 * The part of CloudWatch's metric math that the alarms of this project use: `+ - * /`, comparisons, `IF(c, a, b)`,
 * `==`, `OR`, `EPOCH(id)`, numbers and ids. Anything else is refused. What is missing makes the result missing, as does a
 * division by zero; `EPOCH` has a value at each data point, in seconds, and asks for `EPOCH` of the id.
 */
export function parseMath(text: string): Expression {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|<=|>=|==|!=|\S/g) ?? [];
  let position = 0;

  const peek = () => tokens[position];
  const take = (expected?: string): string => {
    const token = tokens[position];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`Expected ${expected ?? 'an operand'} in \`${text}\`, got ${token ?? 'its end'}.`);
    }
    position += 1;
    return token;
  };

  const chain = (operand: () => Expression, operators: Readonly<Record<string, Operator>>): Expression => {
    let left = operand();
    for (let operator = operators[peek() ?? '']; operator; operator = operators[peek() ?? '']) {
      take();
      left = combine(operator, left, operand());
    }
    return left;
  };
  const single = (): Expression => chain(() => chain(() => chain(primary, PRODUCTS), SUMS), COMPARISONS);
  const comparison = (): Expression => chain(single, ALTERNATIVES);

  function primary(): Expression {
    const token = take();
    if (token === '(') {
      const inner = comparison();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`Expected an operand in \`${text}\`, got ${token}.`);
    if (peek() !== '(') return (lookUp) => lookUp(token);
    if (token === 'EPOCH') {
      take('(');
      const id = take();
      take(')');
      return (lookUp) => lookUp(`EPOCH ${id}`);
    }
    if (token !== 'IF') throw new Error(`The evaluator does not implement ${token}(…), as used in \`${text}\`.`);
    return conditional();
  }

  function conditional(): Expression {
    take('(');
    const condition = comparison();
    take(',');
    const then = comparison();
    take(',');
    const otherwise = comparison();
    take(')');
    return (lookUp) => {
      const holds = condition(lookUp);
      if (holds === undefined) return undefined;
      return holds === 0 ? otherwise(lookUp) : then(lookUp);
    };
  }

  const expression = comparison();
  if (position < tokens.length) throw new Error(`The evaluator does not implement \`${peek()}\` in \`${text}\`.`);
  return expression;
}

type Operator = (a: number, b: number) => Value;

const SUMS: Readonly<Record<string, Operator>> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const PRODUCTS: Readonly<Record<string, Operator>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
};
const COMPARISONS: Readonly<Record<string, Operator>> = {
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '==': (a, b) => Number(a === b),
};
const ALTERNATIVES: Readonly<Record<string, Operator>> = { OR: (a, b) => Number(a !== 0 || b !== 0) };

function combine(operator: Operator, left: Expression, right: Expression): Expression {
  return (lookUp) => {
    const a = left(lookUp);
    const b = right(lookUp);
    return a === undefined || b === undefined ? undefined : operator(a, b);
  };
}
