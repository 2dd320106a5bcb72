/** Progress of a long run to its host, and the host's wish to end it. Nothing is asked of a clock: every so many moments of the simulation or steps of its ranks. */
export interface Host {
  /** Part of the work that is done, 0 to 1. */
  readonly progress?: ((part: number) => void) | undefined;
  /** An AbortSignal, or anything like it. */
  readonly stop?: { readonly aborted: boolean } | undefined;
}

/** The host has ended the run: there is no result. */
export class SimulationStopped extends Error {
  constructor() {
    super("the simulation was stopped");
    this.name = "SimulationStopped";
  }
}

/** The run would take more work than it was allowed: there is no result. */
export class SimulationTooLong extends Error {
  constructor(most: number) {
    super(`the simulation needs more than ${most.toExponential(1)} flows and rates`);
    this.name = "SimulationTooLong";
  }
}

const every = 256;

export class Pulse {
  private readonly host: Host;
  private readonly whole: number;
  private beats = 0;
  private next = 0;

  constructor(host: Host, whole: number) {
    this.host = host;
    this.whole = Math.max(1, whole);
    if (host.stop?.aborted) throw new SimulationStopped();
  }

  beat(done: number): void {
    if (++this.beats % every !== 0 && done < this.next) return;
    this.next = done + this.whole / 200;
    if (this.host.stop?.aborted) throw new SimulationStopped();
    this.host.progress?.(Math.min(1, done / this.whole));
  }
}
