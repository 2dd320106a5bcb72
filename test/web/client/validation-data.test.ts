/** What the page of validation shows: figures of the accuracy page, filters that part the points, a card that is one of them, addresses that say what is wrong. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { describeErrors } from "../../../calibrate/fit/transformer/statistics.ts";
import { joinParity } from "../../../web/client/data/join-parity.ts";
import { holds } from "../../../web/client/data/parity-data.ts";
import { coverageTable, createValidator, facets, familyTable, kinds, protocolTable, type Filters } from "../../../web/client/data/validation-data.ts";
import { coverageTitle, headline, heldOut, inOrder, missesTitle, protocolWords } from "../../../web/client/data/validation-words.ts";
import { decodeValidationState, encodeValidationState, initialValidationState, noFilters } from "../../../web/client/validation/state.ts";

const root = new URL("../../../", import.meta.url);
const dataOf = (file: string) => JSON.parse(readFileSync(new URL(`web/client/public/${file}.json`, root), "utf8")) as ParityData;
const [transformers, layers] = [dataOf("transformer-accuracy"), dataOf("layer-accuracy")];
const data = joinParity([transformers, layers])!;
const page = readFileSync(new URL("docs/accuracy-transformers.md", root), "utf8");
const general = readFileSync(new URL("docs/accuracy.md", root), "utf8");
const validate = createValidator(data, (id) => id);
const every: Filters = noFilters;
const look = (protocol: string | null, filters: Partial<Filters> = {}, point: string | null = null) => validate({ ...every, protocol, point, ...filters });
const rowsOf = (name: string): string[][] => page.split("\n").filter((line) => line.startsWith(`| ${name} |`)).map((line) => line.split("|").map((cell) => cell.trim()).slice(2, -1));
const protocols = data.protocols.map(({ id }): string => id);
/** Predictions are rounded to five digits. */
const near = (value: number | null | undefined, text: string | undefined, tolerance: number) => expect(Math.abs((value ?? Number.NaN) - Number(text))).toBeLessThan(tolerance);

describe("validation of published runs", () => {
  it.each(protocols)("%s: figures are those of the accuracy pages, by kind", (protocol) => {
    const lines = general.split("\n");
    const within = lines.slice(lines.findIndex((line) => line.startsWith(`| ${protocol} |`)));
    const rowOf = (network: string): string[] => within.find((line) => line.split("|")[2]?.trim() === network)?.split("|").map((cell) => cell.trim()).slice(3, -1) ?? [];
    const parts = ([["dense", "dense transformers"], ["experts", "mixture of experts"], ["layers", "layer networks"]] as const).map(([kind, network]) => {
      const row = protocol === "leave-twins-out" ? rowsOf(`... ${kind === "experts" ? network : kind}`)[2] ?? ["0"] : rowOf(network);
      const cells = protocolTable(look(protocol, { kind })).rows.find(([id]) => id === protocol) ?? [];
      expect(cells[1], kind).toBe(Number(row[0] ?? 0));
      if (typeof cells[1] !== "number" || cells[1] === 0) return 0;
      expect(cells[2], kind).toBe(Number(row[1]));
      for (const at of [3, 4, 5, 6, 7]) near(cells[at] as number, row[at - 1], 0.06);
      // A point at the end of its interval may fall to the other side.
      for (const at of [8, 9]) near(cells[at] as number, row[at - 1], 0.51 + 100 / cells[1]);
      return cells[1];
    });
    expect(look(protocol).view.all?.points).toBe(parts.reduce((sum, points) => sum + points, 0));
  });

  it("has the families of the accuracy pages with one series left out", () => {
    for (const { family, errors } of look("leave-one-series-out", { kind: "dense" }).byFamily) {
      const [row] = rowsOf(family);
      expect([String(errors.points), String(errors.series)], family).toEqual(row?.slice(0, 2));
      near(100 * errors.mape, row?.[2], 0.06);
      near(100 * errors.coverage95, row?.[8], 0.51);
    }
    const networks = general.split("\n").filter((line) => line.startsWith("|  | ... "));
    for (const { family, errors } of look("leave-one-series-out", { kind: "layers" }).byFamily) expect(networks.some((line) => line.startsWith(`|  | ... ${family} | ${errors.points} |`)), family).toBe(true);
  });

  it("suspects of the worst what the accuracy page suspects", () => {
    const worst = page.split("## Worst cases")[1]?.split("\n## ")[0]?.split("\n").filter((line) => /^\| [^|]*#\d/.test(line)).map((line) => line.split("|").map((cell) => cell.trim())) ?? [];
    expect(worst).toHaveLength(20);
    const { points } = look("leave-one-series-out", {}).view;
    for (const [, id, , , , cause] of worst) expect(points.find((one) => one.id === id)?.cause).toBe(cause);
  });

  it("parts the points by kind and by each filter, and takes none twice; its menus offer what is left", () => {
    const all = look("leave-one-series-out").view.points.map(({ id }) => id).toSorted();
    const parts = (filters: ReadonlyArray<Partial<Filters>>) => filters.flatMap((one) => look("leave-one-series-out", one).view.points.map(({ id }) => id)).toSorted();
    expect(parts(kinds.filter((kind) => kind !== "all").map((kind) => ({ kind })))).toEqual(all);
    for (const facet of facets) {
      const values = look("leave-one-series-out").choices[facet];
      expect(values.length, facet).toBeGreaterThan(3);
      expect(parts(values.map((value) => ({ [facet]: value }))), facet).toEqual(all);
      const [value] = values;
      for (const other of facets) for (const left of look("leave-one-series-out", { [facet]: value }).choices[other]) expect(look("leave-one-series-out", { [facet]: value, [other]: left }).view.points.length, `${facet} ${other}`).toBeGreaterThan(0);
    }
  });

  it("joins fits: every point once, a protocol that one has not leaves its points out", () => {
    expect(data.points.id).toEqual([...transformers.points.id, ...layers.points.id]);
    for (const column of [...Object.values(data.points.predicted_s), ...Object.values(data.points.sd), data.points.machine]) expect(column.length).toBe(data.points.id.length);
    expect(data.points.id.every((id, at) => id.startsWith(`${data.series[data.points.series[at] ?? -1]?.id}#`))).toBe(true);
    expect(look("leave-twins-out", { kind: "layers" }).view.points).toEqual([]);
    expect(joinParity([layers])).toEqual(layers);
    expect(joinParity([])).toBeUndefined();
  });

  it("counts what intervals hold as the figures do, and says it", () => {
    const found = look("leave-one-series-out");
    const good = found.view.points.filter(({ flag }) => flag === null);
    expect(good.filter(holds).length / good.length).toBeCloseTo(found.view.all?.coverage95 ?? 0, 12);
    expect(found.byKind.map(({ kind }) => kind)).toEqual(["all", "dense", "experts", "layers"]);
    expect(found.byKind[0]?.errors).toEqual(describeErrors(good));
    expect(found.keptOut.reduce((sum, { points }) => sum + points.length, 0)).toBe(found.view.flagged);
    expect(missesTitle(found)).toContain(`${good.length - good.filter(holds).length} of ${good.length}`);
    expect(coverageTitle(found)).toContain("hold");
    expect(familyTable(found).rows).toHaveLength(found.byFamily.length);
    expect(coverageTable(found).rows).toHaveLength(4);
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
    const state = { ...initialValidationState(), protocol: "cold", kind: "experts" as const, device: "gb200", family: "megatron-bridge", machine: data.points.machine[0] ?? "", precision: "bf16", source: data.series[0]?.source.title ?? "", point: data.points.id[3] ?? "", tables: ["misses"], theme: "dark" as const };
    expect(decodeValidationState(`?${encodeValidationState(state)}`, data)).toEqual({ state, problems: [] });
    expect(encodeValidationState(initialValidationState())).toBe("view=validation");
  });

  it("names every problem at once", () => {
    const { problems, state } = decodeValidationState("?view=validation&protocol=colder&kind=sparse&device=h100&family=blooms&point=none&shown=all", data);
    expect(problems.map(({ path }) => path)).toEqual(["protocol", "kind", "family", "device", "point", "shown"].map((key) => `address: ${key}`));
    expect(JSON.stringify(problems[0])).toContain("cold");
    expect(state).toEqual(initialValidationState());
  });
});
