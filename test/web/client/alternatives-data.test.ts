/** The panel of other choices says what the model says. */
import { describe, expect, it } from "vitest";
import { alternativesOf, resolveScenario } from "../../../model/index.ts";
import { alternativesRows, alternativesSubtitle, alternativesTable, alternativesTitle, notesBeside } from "../../../web/client/data/alternatives-data.ts";
import { library } from "../../support/library.ts";

const selection = { run: "summit-deeplabv3plus-fp16-2018" };
const { scenario } = resolveScenario(library, selection);
if (!scenario) throw new Error("the flagship does not resolve");
const alternatives = alternativesOf(library, selection, scenario, 27_360);

describe("other choices", () => {
  it("the title names the dearest one", () => {
    const dearest = alternatives.others.toSorted((a, b) => b.longer - a.longer)[0];
    expect(alternativesTitle(alternatives)).toContain(dearest?.label);
    expect(alternativesTitle({ ...alternatives, others: [] })).toContain("No other choice");
    expect(alternativesTitle(null)).not.toContain("undefined");
    expect(alternativesSubtitle(alternatives)).toContain("27,360");
  });

  it("bars are as long as steps get longer, and the table has what is drawn", () => {
    expect(alternativesRows(alternatives).map(({ value }) => value)).toEqual(alternatives.others.map(({ longer }) => Math.abs(longer)));
    expect(alternativesTable(alternatives).rows.slice(1).map(([label, , longer]) => [label, longer])).toEqual(alternatives.others.map(({ label, longer }) => [label, longer]));
    expect(alternativesTable(null).rows).toEqual([]);
  });

  it("what changes beside the step is told apart from it: sums that hide, and staging", () => {
    expect(notesBeside(alternatives).some((note) => /^Sums with one leader per node instead of 4 hide behind the step: 35\.8 ms → \d+ ms\.$/.test(note.replaceAll(/[\u00a0\u202f]/g, " ")))).toBe(true);
    expect(notesBeside(alternatives).some((note) => note.startsWith("Staging with naive staging: 98.4"))).toBe(true);
    expect(notesBeside({ ...alternatives, staging_s: null }).some((note) => note.startsWith("Staging"))).toBe(false);
  });
});
