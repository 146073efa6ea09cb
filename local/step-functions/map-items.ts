import { bindingsOf } from './context';
import type { MapState } from './definition';
import { evaluateAs, isArray, isWhole, notItems } from './evaluation';
import type { Frame } from './frame';

/** Items of a Map, and how many iterations it may have at a time; 0 is as many as it can. */
export interface MapItems {
  readonly items: readonly unknown[];
  readonly maxConcurrency: number;
}

/** @throws StateFailure `States.QueryEvaluationError` where a field has another type, or its expression fails */
export async function evaluateItems(frame: Frame, state: MapState): Promise<MapItems> {
  const bindings = bindingsOf(frame);
  const items = state.items === undefined ? frame.input : await state.items.evaluate(bindings);
  if (!isArray(items)) throw notItems(items, state.items?.source);
  const maxConcurrency =
    state.maxConcurrency === undefined
      ? 0
      : await evaluateAs(state.maxConcurrency, bindings, 'MaxConcurrency', 'a whole number', isWhole);
  return { items, maxConcurrency };
}

/**
 * What the iteration of an item gets: the item itself, or what ItemSelector makes of it.
 *
 * @throws StateFailure `States.QueryEvaluationError` where its expression fails
 */
export async function inputOfItem(frame: Frame, state: MapState, index: number, item: unknown): Promise<unknown> {
  if (state.itemSelector === undefined) return item;
  return state.itemSelector.evaluate(bindingsOf(frame, { item: { Index: index, Value: item } }));
}
