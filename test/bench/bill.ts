import { PRICES } from '../../cli/plan/prices';

/** How much of each priced thing some work used. What is left out is none. */
export type Quantities = Partial<Record<keyof typeof PRICES, number>>;

/** Something that is billed, with how it was counted. */
export interface BillLine {
  readonly price: keyof typeof PRICES;
  readonly quantity: number;
  readonly dollars: number;
}

export interface Bill {
  readonly name: string;
  /** How the quantities come about, in words and numbers. */
  readonly formula: string;
  readonly lines: readonly BillLine[];
  readonly dollars: number;
}

export function billOf(name: string, formula: string, quantities: Quantities): Bill {
  const lines = (Object.entries(quantities) as [keyof typeof PRICES, number][]).map(([price, quantity]) => ({
    price,
    quantity,
    dollars: quantity * PRICES[price],
  }));
  return { name, formula, lines, dollars: lines.reduce((sum, line) => sum + line.dollars, 0) };
}
