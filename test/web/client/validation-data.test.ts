/** What the page of validation shows: figures of the accuracy page, filters that part the points, a card that is one of them, addresses that say what is wrong. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { describeErrors } from "../../../calibrate/fit/transformer/statistics.ts";
import { holds } from "../../../web/client/data/parity-data.ts";
import { coverageTable, createValidator, familyTable, kinds, protocolTable, type Filters } from "../../../web/client/data/validation-data.ts";
import { coverageTitle, headline, heldOut, inOrder, missesTitle, protocolWords } from "../../../web/client/data/validation-words.ts";
import { decodeValidationState, encodeValidationState, initialValidationState } from "../../../web/client/validation/state.ts";

const root = new URL("../../../", import.meta.url);
const data = JSON.parse(readFileSync(new URL("web/client/public/transformer-accuracy.json", root), "utf8")) as ParityData;
const page = readFileSync(new URL("docs/accuracy-transformers.md", root), "utf8");
const validate = createValidator(data, (id) => id);
const every: Filters = { kind: "all", device: null, family: null };
const look = (protocol: string | null, filters: Partial<Filters> = {}, point: string | null = null) => validate({ ...every, protocol, point, ...filters });
const rowsOf = (name: string): string[][] => page.split("\n").filter((line) => line.startsWith(`| ${name} |`)).map((line) => line.split("|").map((cell) => cell.trim()).slice(2, -1));
const protocols = data.protocols.map(({ id }): string => id);
/** Predictions are rounded to five digits. */
const near = (value: number | null | undefined, text: string | undefined, tolerance: number) => expect(Math.abs((value ?? Number.NaN) - Number(text))).toBeLessThan(tolerance);

describe("validation of published transformer runs", () => {
  it.each(protocols)("%s: figures are those of the accuracy page, by kind too", (protocol) => {
    const [row = []] = rowsOf(protocol);
    const cells = protocolTable(look(protocol)).rows.find(([id]) => id === protocol) ?? [];
    expect(cells.slice(1, 3)).toEqual(row.slice(0, 2).map(Number));
    for (const at of [3, 4, 5, 6, 7]) near(cells[at] as number, row[at - 1], 0.06);
    for (const at of [8, 9]) near(cells[at] as number, row[at - 1], 0.51);
    const within = page.split("\n").slice(page.split("\n").findIndex((line) => line.startsWith(`| ${protocol} |`)));
    for (const [kind, offset] of [["dense", 1], ["experts", 2]] as const) {
      const points = within[offset]?.split("|")[2]?.trim();
      expect(look(protocol, { kind }).view.all?.points ?? 0).toBe(Number(points));
    }
  });

  it("has the families of the accuracy page with one series left out", () => {
    for (const { family, errors } of look("leave-one-series-out").byFamily) {
      const [row] = rowsOf(family);
      expect([String(errors.points), String(errors.series)], family).toEqual(row?.slice(0, 2));
      near(100 * errors.mape, row?.[2], 0.06);
      near(100 * errors.coverage95, row?.[8], 0.51);
    }
  });

  it("suspects of the worst what the accuracy page suspects", () => {
    const worst = page.split("## Worst cases")[1]?.split("\n## ")[0]?.split("\n").filter((line) => /^\| [^|]*#\d/.test(line)).map((line) => line.split("|").map((cell) => cell.trim())) ?? [];
    expect(worst).toHaveLength(20);
    const { points } = look("leave-one-series-out").view;
    for (const [, id, , , , cause] of worst) expect(points.find((one) => one.id === id)?.cause).toBe(cause);
  });

  it("parts the points by kind, by device and by family, and takes none twice", () => {
    const all = look("leave-one-series-out").view.points.map(({ id }) => id).toSorted();
    const parts = (filters: ReadonlyArray<Partial<Filters>>) => filters.flatMap((one) => look("leave-one-series-out", one).view.points.map(({ id }) => id)).toSorted();
    expect(parts(kinds.filter((kind) => kind !== "all").map((kind) => ({ kind })))).toEqual(all);
    expect(parts([...new Set(data.series.map(({ device }) => device))].map((device) => ({ device })))).toEqual(all);
    expect(parts([...new Set(data.series.map(({ family }) => family))].map((family) => ({ family })))).toEqual(all);
  });

  it("counts what intervals hold as the figures do, and says it", () => {
    const found = look("leave-one-series-out");
    const good = found.view.points.filter(({ flag }) => flag === null);
    expect(good.filter(holds).length / good.length).toBeCloseTo(found.view.all?.coverage95 ?? 0, 12);
    expect(found.byKind.map(({ kind }) => kind)).toEqual(["all", "dense", "experts"]);
    expect(found.byKind[0]?.errors).toEqual(describeErrors(good));
    expect(found.keptOut.reduce((sum, { points }) => sum + points.length, 0)).toBe(found.view.flagged);
    expect(missesTitle(found)).toContain(`${good.length - good.filter(holds).length} of ${good.length}`);
    expect(coverageTitle(found)).toContain("hold");
    expect(familyTable(found).rows).toHaveLength(found.byFamily.length);
    expect(coverageTable(found).rows).toHaveLength(3);
  });

  it("has the largest miss in the card until a point is chosen, a kept-out one too", () => {
    const found = look("cold");
    expect(found.chosen?.error).toBe(found.view.all?.worst);
    const flagged = data.points.id[data.points.flag.findIndex((flag) => flag !== null)] ?? "";
    expect(look("cold", {}, flagged).chosen?.id).toBe(flagged);
    expect(look("cold", {}, flagged).view.points.filter(({ own }) => own).map(({ id }) => id)).toEqual([flagged]);
  });

  it("says what is held out first, and that nothing is where nothing is", () => {
    expect(inOrder(data.protocols).map(({ id }) => id)).toEqual(["leave-one-series-out", "leave-one-machine-out", "leave-twins-out", "extrapolate", "cold", "in-sample"]);
    expect(look(null).view.protocol).toBe("leave-one-series-out");
    for (const id of protocols) {
      expect(Object.hasOwn(protocolWords, id), id).toBe(true);
      expect(heldOut(look(id))).toMatch(id === "in-sample" ? /^Nothing is held out: every run was learned from/ : /^Held out: /);
    }
    expect(headline(look("in-sample"))).toMatch(/^Learned from/);
  });

  it("tells of no point rather than of a figure where filters leave none", () => {
    const none = look("extrapolate", { kind: "experts" });
    expect([none.view.all, none.chosen, none.halfWidth]).toEqual([undefined, undefined, undefined]);
    expect(headline(none)).toBe("No published step is left to compare");
    expect(protocolTable(none).rows.find(([id]) => id === "extrapolate")?.slice(1, 4)).toEqual([0, 0, null]);
  });
});

describe("the address of validation", () => {
  it("comes back as it was written", () => {
    const state = { ...initialValidationState(), protocol: "cold", kind: "experts" as const, device: "gb200", family: "megatron-bridge", point: data.points.id[3] ?? "", tables: ["misses"], theme: "dark" as const };
    expect(decodeValidationState(`?${encodeValidationState(state)}`, data)).toEqual({ state, problems: [] });
    expect(encodeValidationState(initialValidationState())).toBe("view=validation");
  });

  it("names every problem at once", () => {
    const { problems, state } = decodeValidationState("?view=validation&protocol=colder&kind=sparse&device=h100&family=blooms&point=none&shown=all", data);
    expect(problems.map(({ path }) => path)).toEqual(["protocol", "kind", "device", "family", "point", "shown"].map((key) => `address: ${key}`));
    expect(JSON.stringify(problems[0])).toContain("cold");
    expect(state).toEqual(initialValidationState());
  });
});
