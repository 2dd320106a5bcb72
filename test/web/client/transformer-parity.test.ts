/** What the panel of published runs shows: every point of a protocol once, figures as the fit counts them, kept-out rows in no figure, misses by size. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { protocols } from "../../../calibrate/fit/transformer/protocols.ts";
import { describeErrors } from "../../../calibrate/fit/transformer/statistics.ts";
import { misses, parityTable, parityView, protocolNames } from "../../../web/client/data/parity-data.ts";
import { protocols as offered } from "../../../web/client/transformer/state.ts";

const data = JSON.parse(readFileSync(new URL("../../../web/client/public/transformer-accuracy.json", import.meta.url), "utf8")) as ParityData;
const view = (protocol: string, device = "h100-sxm-80gb") => parityView(data, protocol, device, (id) => `the ${id}`);

describe("published runs beside predictions", () => {
  it("can be seen under every protocol of the fit, held out first", () => {
    expect([...offered].toSorted()).toEqual([...protocols].toSorted());
    expect(data.protocols.map(({ id }) => id)).toEqual([...offered]);
    for (const id of offered) expect(Object.hasOwn(protocolNames, id), id).toBe(true);
    expect(view("none of them").protocol).toBe("leave-one-series-out");
    expect(offered.filter((id) => view(id).inSample)).toEqual(["in-sample"]);
  });

  it.each(offered)("%s: each predicted point once, with its interval around the prediction", (protocol) => {
    const { points, all, own, flagged } = view(protocol);
    expect(points.length).toBe((data.points.predicted_s[protocol] ?? []).filter((value) => value !== null).length);
    expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
    for (const { predicted_s, measured_s, low95_s, high95_s, error } of points) {
      expect(low95_s).toBeLessThan(predicted_s);
      expect(high95_s).toBeGreaterThan(predicted_s);
      expect(predicted_s / measured_s - 1).toBeCloseTo(error, 9);
    }
    const scored = points.filter(({ flag }) => flag === null);
    expect(points.length - scored.length).toBe(flagged);
    expect(all).toEqual(describeErrors(scored));
    expect(own?.points ?? 0).toBe(scored.filter(({ device }) => device === "the h100-sxm-80gb").length);
    expect(parityTable(view(protocol)).rows).toHaveLength(points.length);
  });

  it("names the largest misses first, without kept-out rows", () => {
    const shown = view("leave-one-series-out");
    const sizes = misses(shown, 6).map(({ error }) => Math.abs(error));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).toBe(Math.abs(shown.all?.worst ?? 0));
    expect(shown.flagged).toBeGreaterThan(0);
    expect(misses(shown, 6).every(({ flag }) => flag === null)).toBe(true);
  });

  it("of a device that nobody ran on has no figure of its own", () => {
    expect(view("leave-one-series-out", "nobody-ran-this").own).toBeUndefined();
  });
});
