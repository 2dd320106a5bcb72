import { describe, expect, it } from "vitest";
import { fitMessages, messageTimes } from "../../../../calibrate/fit/collective/message.ts";
import { osu } from "../../../../calibrate/readers/osu.ts";

const sizes = [0, ...[...Array(23).keys()].map((k) => 2 ** k)];
const twoLines = (bytes: number): number => (bytes < 16384 ? 1e-6 + bytes / 2e9 : 5e-6 + bytes / 12e9);

describe("fit of message times", () => {
  it("finds both lines and the break of times that have them", () => {
    const fit = fitMessages(sizes.map((bytes) => ({ bytes, time_s: twoLines(bytes) })));
    expect(fit.from_bytes).toBe(16384);
    expect(fit.below.latency_s).toBeCloseTo(1e-6, 12);
    expect(fit.below.rate_bytes_per_s! / 2e9).toBeCloseTo(1, 6);
    expect(fit.above!.latency_s).toBeCloseTo(5e-6, 12);
    expect(fit.above!.rate_bytes_per_s! / 12e9).toBeCloseTo(1, 6);
    expect(fit.errors.worst).toBeLessThan(1e-9);
  });

  it("is as good with the rows in any order, and bounds what scatter does", () => {
    const rows = sizes.map((bytes, index) => ({ bytes, time_s: twoLines(bytes) * (1 + 0.04 * [1, -1, -1, 1][index % 4]!) }));
    const fit = fitMessages(rows.toReversed());
    expect(fit).toEqual(fitMessages(rows));
    expect(fit.errors.worst).toBeLessThan(0.09);
    expect(fit.above!.rate_bytes_per_s! / 12e9).toBeGreaterThan(0.9);
  });

  it("takes one line for few sizes, and no rate where times do not grow", () => {
    expect(fitMessages([8, 16, 32].map((bytes) => ({ bytes, time_s: 2e-6 })))).toMatchObject({ below: { latency_s: expect.closeTo(2e-6, 12) as number }, errors: { n: 3 } });
    expect(fitMessages([8, 16, 32].map((bytes) => ({ bytes, time_s: 2e-6 }))).below).not.toHaveProperty("rate_bytes_per_s");
  });

  it("never gives a negative latency or rate", () => {
    const { below } = fitMessages([1, 2, 4].map((bytes) => ({ bytes, time_s: bytes ** 2 * 1e-6 })));
    expect(below.latency_s).toBe(0);
    expect(below.rate_bytes_per_s).toBeGreaterThan(0);
  });

  it("takes the time of one message from a bandwidth", () => {
    const table = osu.read("# OSU MPI Bandwidth Test v5.3.2\n# Size      Bandwidth (MB/s)\n1  2.00\n1000000  1000.00\n");
    expect(messageTimes(table)).toEqual([{ bytes: 1, time_s: 5e-7 }, { bytes: 1_000_000, time_s: 1e-3 }]);
  });
});
