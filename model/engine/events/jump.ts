/**
 * The jump over steps that repeat. Whenever a certain rank enters a step of a phase of equal steps, the state of everything relative to that rank and to now is
 * compared with one kept before (which one: Brent 1980, the kept state moves on at powers of two). Rates follow from who sends, and what follows is determined:
 * equal states mean that the time between them happens again and again, until the rank furthest ahead nears the end of the phase. Not found: nothing is lost.
 */
import type { Exchange, Phase } from "../../network/exchange.ts";
import { FlowState } from "./flow-columns.ts";
import type { FlowEngine } from "./flow-engine.ts";
import type { Booked, LinkWatch } from "./link-watch.ts";
import type { StepTables } from "./step-tables.ts";

/** What of a run is compared and moved. */
export interface Repeating {
  readonly exchange: Exchange;
  readonly engine: FlowEngine;
  readonly tables: StepTables;
  readonly phase: Int32Array;
  readonly step: Int32Array;
  readonly waiting: Int32Array;
  readonly slotPhase: Int32Array;
  readonly watch: LinkWatch | null;
  passed: number;
}

export class Jump {
  /** The phase whose reference rank has just entered a step, or -1. Set by the run. */
  phase = -1;
  /** Steps that were not simulated. */
  jumped = 0;

  private readonly run: Repeating;
  private tracked = -1;
  private checks = 0;
  private nextAnchor = 1;
  private now_s = 0;
  private base = 0;
  private readonly rankPhase: Int32Array;
  private readonly rankStep: Int32Array;
  private readonly rankWaiting: Int32Array;
  private readonly state: Uint8Array;
  private readonly ahead_s: Float64Array;
  private readonly rate_bytes_per_s: Float64Array;
  private booked: Booked | null = null;
  private readonly done = new Set<number>();

  constructor(run: Repeating) {
    const { phase, slotPhase } = run;
    this.run = run;
    this.rankPhase = new Int32Array(phase.length);
    this.rankStep = new Int32Array(phase.length);
    this.rankWaiting = new Int32Array(phase.length);
    this.state = new Uint8Array(slotPhase.length);
    this.ahead_s = new Float64Array(slotPhase.length);
    this.rate_bytes_per_s = new Float64Array(slotPhase.length);
  }

  check(): void {
    const phase = this.phase;
    this.phase = -1;
    if (this.done.has(phase)) return;
    const { run } = this;
    const reference = run.tables.get(phase).reference;
    if (run.phase[reference] !== phase) return;
    const base = run.step[reference] as number;
    if (this.tracked !== phase) {
      this.tracked = phase;
      this.checks = 0;
      this.nextAnchor = 1;
    } else if (this.isRepeated(phase, base)) {
      this.leap(phase, base);
      this.done.add(phase);
      this.tracked = -1;
      return;
    }
    if (++this.checks < this.nextAnchor) return;
    this.nextAnchor *= 2;
    this.keep(phase, base);
  }

  private keep(phase: number, base: number): void {
    const { run } = this;
    const { columns, queue, now_s } = run.engine;
    this.now_s = now_s;
    this.base = base;
    this.rankPhase.set(run.phase);
    this.rankWaiting.set(run.waiting);
    for (let rank = 0; rank < run.step.length; rank++) this.rankStep[rank] = (run.step[rank] as number) - (run.phase[rank] === phase ? base : 0);
    this.state.set(columns.state);
    for (let slot = 0; slot < this.state.length; slot++) if (this.state[slot] !== FlowState.idle) this.ahead_s[slot] = queue.timeOf(slot) - now_s;
    this.rate_bytes_per_s.set(columns.rate_bytes_per_s);
    this.booked = run.watch === null ? null : run.watch.booked(now_s);
  }

  private isRepeated(phase: number, base: number): boolean {
    const { run } = this;
    const { columns, queue, now_s } = run.engine;
    if (base === this.base) return false;
    const tolerance_s = 1e-13 * (now_s - this.now_s) + 1e-14 * now_s;
    for (let slot = 0; slot < this.state.length; slot++) {
      const state = columns.state[slot] as number;
      if (state !== this.state[slot]) return false;
      if (state === FlowState.idle) continue;
      const ahead_s = queue.timeOf(slot) - now_s;
      if (Math.abs(ahead_s - (this.ahead_s[slot] as number)) > tolerance_s) return false;
      if (state !== FlowState.transfer) continue;
      const rate = columns.rate_bytes_per_s[slot] as number;
      if (Math.abs(rate - (this.rate_bytes_per_s[slot] as number)) > 1e-12 * rate) return false;
    }
    for (let rank = 0; rank < run.phase.length; rank++) {
      const here = run.phase[rank] as number;
      if (here !== this.rankPhase[rank] || run.waiting[rank] !== this.rankWaiting[rank]) return false;
      if ((run.step[rank] as number) - (here === phase ? base : 0) !== this.rankStep[rank]) return false;
    }
    return true;
  }

  private leap(phase: number, base: number): void {
    const { run } = this;
    const { engine } = run;
    const { columns, queue } = engine;
    const steps = base - this.base;
    const period_s = engine.now_s - this.now_s;
    let furthest = base;
    for (let rank = 0; rank < run.step.length; rank++) if (run.phase[rank] === phase) furthest = Math.max(furthest, run.step[rank] as number);
    const times = Math.floor(((run.exchange.phases[phase] as Phase).repeat - 1 - furthest) / steps);
    if (times <= 0) return;
    const longer_s = times * period_s;
    if (run.watch !== null && this.booked !== null) {
      run.watch.book(engine.now_s);
      run.watch.repeat(this.booked, times, longer_s);
    }
    queue.shift(longer_s);
    for (let slot = 0; slot < columns.slots; slot++) {
      if (columns.state[slot] !== FlowState.transfer) continue;
      columns.changed_s[slot] = (columns.changed_s[slot] as number) + longer_s;
      columns.began_s[slot] = (columns.began_s[slot] as number) + longer_s;
    }
    for (let rank = 0; rank < run.step.length; rank++) {
      if (run.phase[rank] !== phase) continue;
      run.step[rank] = (run.step[rank] as number) + times * steps;
      run.passed += times * steps;
    }
    const { done } = run.tables.get(phase);
    for (let flow = 0; flow < done.length; flow++) done[flow] = (done[flow] as number) + times * steps;
    engine.now_s += longer_s;
    this.jumped += times * steps;
  }
}
