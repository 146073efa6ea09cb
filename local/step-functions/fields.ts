import { invalid, unimplemented } from './definition-error';

const SCHEMA = 'SCHEMA_VALIDATION_FAILED';

/** An object of the definition, read field by field; every complaint names the field's path. */
export class Fields {
  private readonly object: Readonly<Record<string, unknown>>;

  /**
   * Only the `implemented` fields may be there.
   *
   * @throws ServiceError `InvalidDefinition` where the value is no object, or has another field
   */
  constructor(
    value: unknown,
    readonly path: string,
    implemented: readonly string[],
  ) {
    this.object = object(value, path);
    for (const name of Object.keys(this.object)) {
      if (!implemented.includes(name)) throw unimplemented(`'${name}'`, path);
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object, name);
  }

  /** The field as it is, or undefined. */
  get(name: string): unknown {
    return this.object[name];
  }

  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /** @throws ServiceError `InvalidDefinition` where it is missing */
  required(name: string): unknown {
    if (!this.has(name)) throw invalid(SCHEMA, `Missing required field '${name}'`, this.path);
    return this.object[name];
  }

  /** @throws ServiceError `InvalidDefinition` where it is no text, or empty */
  text(name: string): string {
    const value = this.required(name);
    if (typeof value !== 'string' || value === '') {
      throw invalid(SCHEMA, `Expected a non-empty string, got ${JSON.stringify(value)}`, this.at(name));
    }
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  /**
   * A number between the bounds, both inclusive.
   *
   * @throws ServiceError `InvalidDefinition` where it is none
   */
  number(name: string, byDefault: number, bounds: { min: number; max?: number; integer: boolean }): number {
    if (!this.has(name)) return byDefault;
    const value = this.object[name];
    const { min, max = Number.MAX_SAFE_INTEGER, integer } = bounds;
    if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) {
      return value;
    }
    throw invalid(
      SCHEMA,
      `Expected ${integer ? 'an integer' : 'a number'} from ${min} to ${max}, got ${JSON.stringify(value)}`,
      this.at(name),
    );
  }

  /**
   * One of the values, or the first of them if the field is absent.
   *
   * @throws ServiceError `InvalidDefinition` where it is another
   */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    if (!this.has(name)) return values[0];
    const value = values.find((candidate) => candidate === this.object[name]);
    if (value !== undefined) return value;
    throw unimplemented(`'${name}' ${JSON.stringify(this.object[name])}, only ${values.join(' or ')}`, this.path);
  }

  /** @throws ServiceError `InvalidDefinition` where it is no array */
  list(name: string): readonly unknown[] {
    const value = this.has(name) ? this.object[name] : [];
    if (!Array.isArray(value)) {
      throw invalid(SCHEMA, `Expected an array, got ${JSON.stringify(value)}`, this.at(name));
    }
    return value;
  }

  /** @throws ServiceError `InvalidDefinition` where it is no array of texts, or empty */
  texts(name: string): readonly string[] {
    const values = this.list(name);
    if (values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')) {
      throw invalid(SCHEMA, `Expected an array of strings, got ${JSON.stringify(this.object[name])}`, this.at(name));
    }
    return values as readonly string[];
  }
}

/** @throws ServiceError `InvalidDefinition` where it is no object */
export function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(SCHEMA, `Expected an object, got ${JSON.stringify(value)}`, path);
  }
  return value as Readonly<Record<string, unknown>>;
}
