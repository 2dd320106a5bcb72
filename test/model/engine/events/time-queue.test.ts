/** The queue of events against a plain list, under any order of putting in, moving, taking out and ordering later. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimeQueue } from "../../../../model/engine/events/time-queue.ts";

const slots = 12;
/** Few different times, so that many share one. */
const anyTime = fc.constantFrom(0, 1, 1.5, 2, 2.5, 7, 1e-9, 100);
const anyAction = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), slot: fc.nat(slots - 1), time: anyTime }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pop" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("shift" as const), time: anyTime }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("many" as const), moves: fc.array(fc.tuple(fc.nat(slots - 1), anyTime), { maxLength: 8 }) }) },
);

describe("the queue of events", () => {
  it("gives what a plain list gives", () => {
    fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 80 }), (actions) => {
        const queue = new TimeQueue(slots);
        const plain = new Map<number, number>();
        for (const action of actions) {
          if (action.kind === "set") {
            queue.set(action.slot, action.time, false);
            plain.set(action.slot, action.time);
          } else if (action.kind === "many") {
            for (const [slot, time] of action.moves) {
              queue.set(slot, time, true);
              plain.set(slot, time);
            }
            queue.order();
          } else if (action.kind === "shift") {
            queue.shift(action.time);
            for (const [slot, time] of plain) plain.set(slot, time + action.time);
          } else if (plain.size > 0) {
            const first = Math.min(...plain.values());
            expect(queue.first_s()).toBe(first);
            expect(plain.get(queue.firstSlot())).toBe(first);
            const slot = queue.pop();
            expect(plain.get(slot)).toBe(first);
            plain.delete(slot);
          }
          expect(queue.size).toBe(plain.size);
          for (const [slot, time] of plain) expect(queue.timeOf(slot)).toBe(time);
        }
        expect(queue.first_s()).toBe(plain.size > 0 ? Math.min(...plain.values()) : Number.POSITIVE_INFINITY);
      }),
      { numRuns: 300 },
    );
  });
});
