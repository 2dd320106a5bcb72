/** The address follows at once, stays within what a browser allows while a slider is dragged, and ends at the last state. */
import { expect, it } from "vitest";
import { createAddressWriter } from "../../../web/client/address.ts";

function dragged(states: number, every_ms: number) {
  let time_ms = 0;
  const later: Array<{ at_ms: number; act: () => void }> = [];
  const written: Array<{ at_ms: number; query: string }> = [];
  const write = createAddressWriter((query) => written.push({ at_ms: time_ms, query }), { now_ms: () => time_ms, later: (act, delay_ms) => later.push({ at_ms: time_ms + delay_ms, act }) });
  const advance = (to_ms: number) => {
    time_ms = to_ms;
    for (const due of later.splice(0).toSorted((a, b) => a.at_ms - b.at_ms)) {
      if (due.at_ms <= to_ms) due.act();
      else later.push(due);
    }
  };
  for (let state = 0; state < states; state++) {
    advance(state * every_ms);
    write(`n=${state}`);
  }
  advance(states * every_ms + 1000);
  return written;
}

it("writes a few changes at once", () => {
  expect(dragged(5, 200).map(({ query }) => query)).toEqual(["n=0", "n=1", "n=2", "n=3", "n=4"]);
});

it("writes at most 150 times in any 30 seconds of dragging, and the last state in the end", () => {
  const written = dragged(4000, 16);
  expect(written.at(-1)?.query).toBe("n=3999");
  for (const { at_ms } of written) expect(written.filter((other) => other.at_ms >= at_ms && other.at_ms < at_ms + 30_000).length).toBeLessThanOrEqual(150);
});
