import { describe, expect, it } from "vitest";
import { judgeSeries, rules, takeTimes } from "../../../../calibrate/fit/collective/rules.ts";
import type { RuleId } from "../../../../calibrate/fit/collective/rules.ts";

const row = (bytes: number, out_us: number, place_us: number = out_us, wrong = 0) => ({ line: 1, bytes, outOfPlace_s: out_us * 1e-6, inPlace_s: place_us * 1e-6, wrong });
const judge = (times: readonly (readonly [number, number])[], ranks = 16) => judgeSeries(ranks, times.map(([bytes, us]) => ({ line: 1, bytes, time_s: us * 1e-6 })));
const ids = (hits: readonly { readonly rule: RuleId }[]) => hits.map(({ rule }) => rule);
const doubling = (from: number, n: number, time: (bytes: number) => number) => [...Array(n).keys()].map((k) => [from * 2 ** k, time(from * 2 ** k)] as const);
const plain = (bytes: number): number => 10 + bytes / 1e5;

describe("rules for odd files", () => {
  it("takes the lesser of two columns that differ by more than a quarter, out of place else", () => {
    const { observations, hits } = takeTimes([row(8, 20, 19), row(32, 68.1, 13.5), row(64, 12, 15.1)]);
    expect(observations.map(({ time_s }) => time_s * 1e6)).toEqual([20, 13.5, 12].map((value) => expect.closeTo(value, 9)));
    expect(hits).toEqual([{ rule: "columns-differ", effect: "replaced", bytes: [32, 64] }]);
  });

  it("leaves rows with wrong results out, and takes the one column that there is", () => {
    const { observations, hits } = takeTimes([row(8, 20, 20, 3), { line: 2, bytes: 16, inPlace_s: 9e-6, wrong: 0 }]);
    expect(observations).toEqual([{ line: 2, bytes: 16, time_s: 9e-6 }]);
    expect(hits).toEqual([{ rule: "wrong-results", effect: "left-out", bytes: [8] }]);
  });

  it("leaves a series of one rank out", () => {
    expect(judge(doubling(8, 30, plain), 1)).toEqual([{ rule: "one-rank", effect: "left-out", bytes: [] }]);
  });

  it("has nothing to say of a plain series from 8 bytes to 4 GiB", () => {
    expect(judge(doubling(8, 30, plain))).toEqual([]);
  });

  it("tells few sizes, a late start and an early end", () => {
    expect(ids(judge(doubling(2 ** 20, 4, plain)))).toEqual(["few-sizes", "starts-late", "ends-early"]);
  });

  it("leaves few sizes out whose time grows faster than the size, and remarks on it among many", () => {
    const steep = judge([[65536, 107], [131072, 210], [262144, 211], [524288, 692], [1048576, 1456]]);
    expect(steep).toContainEqual({ rule: "faster-than-size", effect: "left-out", bytes: [524288] });
    const many = judge(doubling(8, 30, (bytes) => plain(bytes) * (bytes > 2 ** 22 ? 3 : 1)));
    expect(many).toContainEqual({ rule: "faster-than-size", effect: "remarked", bytes: [2 ** 23] });
  });

  it("remarks on a larger message that is faster, and on a bandwidth below that of smaller and larger sizes'", () => {
    const times = doubling(8, 30, plain).map(([bytes, time]) => [bytes, bytes === 1024 ? 30 : bytes === 2 ** 28 ? time * 1.2 : time] as const);
    expect(judge(times)).toEqual([
      { rule: "goes-back", effect: "remarked", bytes: [2048] },
      { rule: "slower-between", effect: "remarked", bytes: [2 ** 28] },
    ]);
  });

  it("has a reason for every rule", () => {
    for (const { does, reason } of Object.values(rules)) expect(Math.min(does.length, reason.length)).toBeGreaterThan(6);
  });
});
