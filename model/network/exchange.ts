/**
 * What the ranks of a collective send each other, as plain columns: phases of equal steps. In a step a rank starts all its sends when it enters the step, and
 * enters the next step when all its sends and receives of this one have ended; a rank without any passes at once. There is no barrier.
 * Ranks are numbers 0 .. ranks - 1 of the group; where they sit in a machine is said elsewhere.
 */
export interface Phase {
  /** For people: "reduce-scatter inside the node". */
  readonly name: string;
  /** Steps with these very flows, one after another. */
  readonly repeat: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly bytes: Float64Array;
}

export interface Exchange {
  readonly ranks: number;
  readonly phases: readonly Phase[];
}
