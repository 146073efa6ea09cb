/**
 * The run that the input of an execution asks to go on with; undefined where it asks for none. The input may be any JSON:
 * whoever may start an execution has written it.
 */
export function resumedRun(input: string | undefined): string | undefined {
  try {
    const given = JSON.parse(input || 'null') as { readonly resume?: unknown } | null;
    return typeof given?.resume === 'string' ? given.resume : undefined;
  } catch {
    // Not JSON, or only a part of it: Step Functions leaves out of its events what is long.
    return undefined;
  }
}
