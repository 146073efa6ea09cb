/** A field of a cron expression of EventBridge. */
export interface CronField {
  /** In a sentence, in the plural. */
  readonly name: string;
  readonly least: number;
  readonly greatest: number;
  /** What its values may be called, from the least on. */
  readonly names?: readonly string[];
}

/** First value or `*`, last value, step. */
const RANGE = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/;

/**
 * Reads one part of a field's list.
 *
 * @param ofWhat what has the field, in a sentence
 * @param where the part is, in a sentence
 * @returns the same for croner: numbers for names, `5-59/20` for `5/20`
 * @throws Error where EventBridge would refuse it
 */
export function partOf(field: CronField, part: string, ofWhat: string, where: string): string {
  const special = specialDay(field, part);
  if (special !== undefined) return special;
  const { greatest, least } = field;
  const [, first, last, step] = RANGE.exec(part) ?? [];
  const from = first === '*' ? least : numberOf(field, first);
  const to = last === undefined ? from : numberOf(field, last);
  if (from === undefined || to === undefined || (first === '*' && last !== undefined)) {
    throw new Error(`Expected the ${field.name} ${ofWhat} to be ${valuesOf(field)}, got ${part} ${where}.`);
  }
  if (to < from) {
    throw new Error(
      `Expected a range of the ${field.name} ${ofWhat} to end after it begins, got ${part} ${where}: write ${from}-${greatest},${least}-${to}.`,
    );
  }
  if (step !== undefined && !(Number(step) >= 1 && Number(step) <= greatest)) {
    throw new Error(
      `Expected a step of the ${field.name} ${ofWhat} to be from 1 to ${greatest}, got ${step} ${where}.`,
    );
  }
  const stride = step === undefined ? '' : `/${Number(step)}`;
  if (first === '*') return `*${stride}`;
  if (last !== undefined) return `${from}-${to}${stride}`;
  return step === undefined ? String(from) : `${from}-${greatest}${stride}`;
}

/** `L`, `W` and `#`, which the days alone have. */
function specialDay(field: CronField, part: string): string | undefined {
  if (field.name === 'days of the month') {
    const [, day] = /^(\d+)W$/i.exec(part) ?? [];
    if (day !== undefined && numberOf(field, day) !== undefined) return `${Number(day)}W`;
    return /^LW?$/i.test(part) ? part.toUpperCase() : undefined;
  }
  if (field.name !== 'days of the week') return undefined;
  if (/^L$/i.test(part)) return String(field.greatest);
  const [, name, which] = /^(\w+?)(L|#[1-5])$/i.exec(part) ?? [];
  const day = numberOf(field, name);
  return day === undefined || which === undefined ? undefined : `${day}${which.toUpperCase()}`;
}

function numberOf({ least, greatest, names = [] }: CronField, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? least + named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= greatest ? value : undefined;
}

function valuesOf({ least, greatest, names }: CronField): string {
  const named = names ? ` or ${names[0]} to ${names.at(-1)}` : '';
  return `from ${least} to ${greatest}${named}, or * for all`;
}
