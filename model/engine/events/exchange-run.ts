/**
 * One run of an exchange over a network, message by message. A rank starts all its sends of a step when it enters the step, whether or not the receivers are
 * there, and goes on when its own sends and receives of the step have ended. A flow's ends are counted, so that a rank that comes late finds what has
 * arrived already. One slot per send of a rank's largest step: a rank is never in two steps at once.
 */
import type { Exchange, Phase } from "../../network/exchange.ts";
import { FlowColumns } from "./flow-columns.ts";
import { FlowEngine, sameMoment, type Windows } from "./flow-engine.ts";
import { Jump } from "./jump.ts";
import type { LinkWatch } from "./link-watch.ts";
import { Pulse, SimulationTooLong, type Host } from "./pulse.ts";
import { slotBases, StepTables } from "./step-tables.ts";
import type { Ways } from "./ways.ts";

export interface RunOptions extends Host, Windows {
  readonly start_s: Float64Array;
  readonly jump: boolean;
  readonly watch: LinkWatch | null;
  readonly mostWork: number;
}

export class ExchangeRun {
  readonly exchange: Exchange;
  readonly engine: FlowEngine;
  readonly tables: StepTables;
  readonly end_s: Float64Array;
  /** Where each rank is: its phase (the number of phases when it has ended), its step there, and the sends and receives that it waits for. */
  readonly phase: Int32Array;
  readonly step: Int32Array;
  readonly waiting: Int32Array;
  readonly slotPhase: Int32Array;
  readonly slotFlow: Int32Array;
  readonly watch: LinkWatch | null;
  flows = 0;
  /** Steps that ranks have left behind, for the progress. */
  passed = 0;
  private readonly base: Int32Array;
  private readonly ways: Ways;
  private readonly jump: Jump | null;
  private readonly pulse: Pulse;
  private readonly start_s: Float64Array;
  private readonly mostWork: number;

  constructor(exchange: Exchange, ways: Ways, options: RunOptions) {
    const { ranks } = exchange;
    this.exchange = exchange;
    this.ways = ways;
    this.watch = options.watch;
    this.start_s = options.start_s;
    this.mostWork = options.mostWork;
    this.base = slotBases(exchange);
    const slots = this.base[ranks] as number;
    this.engine = new FlowEngine(new FlowColumns(slots, ways.longest, ways.capacity_bytes_per_s), options, options.watch);
    this.tables = new StepTables(exchange);
    this.end_s = new Float64Array(ranks);
    this.phase = new Int32Array(ranks).fill(-1);
    this.step = new Int32Array(ranks);
    this.waiting = new Int32Array(ranks);
    this.slotPhase = new Int32Array(slots).fill(-1);
    this.slotFlow = new Int32Array(slots);
    this.jump = options.jump ? new Jump(this) : null;
    this.pulse = new Pulse(options, ranks * exchange.phases.reduce((sum, { repeat }) => sum + repeat, 0));
  }

  get jumped(): number {
    return this.jump?.jumped ?? 0;
  }

  run(): void {
    const { engine, start_s, jump } = this;
    const order = new Int32Array(start_s.length);
    for (let rank = 0; rank < order.length; rank++) order[rank] = rank;
    if (start_s.some((time_s) => time_s !== start_s[0])) order.sort((a, b) => (start_s[a] as number) - (start_s[b] as number) || a - b);
    let begun = 0;
    for (;;) {
      const next_s = Math.min(engine.nextEvent_s(), begun < order.length ? (start_s[order[begun] as number] as number) : Number.POSITIVE_INFINITY);
      if (next_s === Number.POSITIVE_INFINITY) break;
      engine.open(next_s);
      const limit_s = engine.now_s * sameMoment;
      for (; begun < order.length && (start_s[order[begun] as number] as number) <= limit_s; begun++) this.begin(order[begun] as number);
      do {
        const ended = engine.popDue();
        for (let index = 0; index < ended; index++) this.finish(engine.ended[index] as number);
      } while (engine.isDue());
      engine.share();
      if (jump !== null && jump.phase >= 0) {
        // A rank that has not begun would be jumped over.
        if (begun === order.length) jump.check();
        else jump.phase = -1;
      }
      this.pulse.beat(this.passed);
      if (this.flows + engine.rates > this.mostWork) throw new SimulationTooLong(this.mostWork);
    }
    for (let rank = 0; rank < this.exchange.ranks; rank++) if ((this.phase[rank] as number) < this.exchange.phases.length) throw new Error(`rank ${rank} waits for ever`);
  }

  private begin(rank: number): void {
    const { engine } = this;
    const start_s = this.start_s[rank] as number;
    if (start_s > engine.now_s) engine.now_s = start_s;
    this.enter(rank, 0, 0);
  }

  private finish(slot: number): void {
    const phase = this.slotPhase[slot] as number;
    const flow = this.slotFlow[slot] as number;
    const { from, to } = this.exchange.phases[phase] as Phase;
    const { done } = this.tables.get(phase);
    const step = done[flow] as number;
    done[flow] = step + 1;
    this.flows++;
    const sender = from[flow] as number;
    const receiver = to[flow] as number;
    const counts = this.phase[receiver] === phase && this.step[receiver] === step;
    if (counts) this.waiting[receiver] = (this.waiting[receiver] as number) - 1;
    const sends = (this.waiting[sender] = (this.waiting[sender] as number) - 1);
    if (counts && receiver !== sender && this.waiting[receiver] === 0) this.pass(receiver, phase, step);
    if (sends === 0) this.pass(sender, phase, step);
  }

  private pass(rank: number, phase: number, step: number): void {
    this.passed++;
    this.enter(rank, phase, step + 1);
  }

  /** A rank comes to a step, and passes on while there is nothing to wait for. */
  private enter(rank: number, fromPhase: number, fromStep: number): void {
    const { phases } = this.exchange;
    let phase = fromPhase;
    let step = fromStep;
    for (;;) {
      if (phase === phases.length) {
        this.phase[rank] = phase;
        this.step[rank] = 0;
        this.end_s[rank] = this.engine.now_s;
        return;
      }
      const { bytes, repeat } = phases[phase] as Phase;
      const table = this.tables.get(phase);
      const firstOut = table.outStart[rank] as number;
      const lastOut = table.outStart[rank + 1] as number;
      const firstIn = table.inStart[rank] as number;
      const lastIn = table.inStart[rank + 1] as number;
      if (step >= repeat || (firstOut === lastOut && firstIn === lastIn)) {
        this.tables.leave(phase);
        this.passed += repeat - step;
        phase++;
        step = 0;
        continue;
      }
      let waiting = lastOut - firstOut;
      for (let at = firstIn; at < lastIn; at++) if ((table.done[table.incoming[at] as number] as number) <= step) waiting++;
      let slot = this.base[rank] as number;
      for (let at = firstOut; at < lastOut; at++) {
        const flow = table.outgoing[at] as number;
        if (this.slotPhase[slot] !== phase || this.slotFlow[slot] !== flow) {
          this.slotPhase[slot] = phase;
          this.slotFlow[slot] = flow;
          this.ways.load(phase, flow, this.engine.columns, slot);
        }
        this.engine.start(slot++, bytes[flow] as number);
      }
      this.phase[rank] = phase;
      this.step[rank] = step;
      if (table.reference === rank && this.jump !== null) this.jump.phase = phase;
      if (waiting > 0) {
        this.waiting[rank] = waiting;
        return;
      }
      this.passed++;
      step++;
    }
  }
}
