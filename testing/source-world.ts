import type { ItemId, RunInput, Source } from 'worker-chains';
import { shown } from './shown';
import { SourceWatch } from './source-watch';

/** What a source reads, set up for one check. */
export interface SourceWorld {
  readonly source: Source;
  /**
   * The run's input without `job`.
   *
   * @default - none
   */
  readonly input?: Omit<RunInput, 'job'>;
  /** Deletes an item that is there, while chains read. @default - the source covers what cannot be deleted */
  remove?(id: ItemId): Promise<void> | void;
  /** Inserts an item that was never there, while chains read. @default - the source covers what cannot come to it */
  insert?(id: ItemId): Promise<void> | void;
  /** Called in the end, whatever happened. */
  close?(): Promise<void> | void;
}

/** Sets a world up in which the source covers exactly these items, which come in no particular order. */
export type MakeWorld = (ids: readonly ItemId[]) => Promise<SourceWorld> | SourceWorld;

/** Opens a world, and closes it again. What went wrong first is what is thrown. */
export async function withWorld(
  make: MakeWorld,
  ids: readonly ItemId[],
  use: (world: SourceWorld, watch: SourceWatch) => Promise<void>,
): Promise<void> {
  const world = await make(ids);
  try {
    await use(world, await SourceWatch.open(world.source, world.input));
  } catch (error) {
    // The world may be in no state to be closed.
    const close = async () => world.close?.();
    await close().catch(() => {});
    throw error;
  }
  await world.close?.();
}

/** @throws Error where the source takes an input that covers nothing, though it was said to refuse it */
export async function demandRefusal(make: MakeWorld): Promise<void> {
  const world = await make([]);
  try {
    const answer = await world.source.plan({ job: 'any', ...world.input }).catch((error: unknown) => ({ error }));
    const refusal = 'error' in answer ? (answer.error as { readonly code?: unknown }) : undefined;
    if (refusal?.code === 'Run.InvalidInput') return;
    throw new Error(
      `Expected \`plan\` to refuse an input of no items as Run.InvalidInput, got ${refusal ? String(refusal) : shown(answer)}: ` +
        'throw `invalidInput(…)`, or leave `refusesEmpty` out.',
    );
  } finally {
    await world.close?.();
  }
}
