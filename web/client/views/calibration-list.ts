/** What there is to choose from: the calibrations of the library, the curves of the one that is shown, and what it left out. */
import type { CurveFit, HostCalibration } from "../../../model/schema/calibration.ts";
import type { CalibrationHead } from "../../shared/calibration-api.ts";
import type { CalibrateState } from "../calibrate/state.ts";
import { groupFits, groupSkipped, showDate, showQuiet, titleParts } from "../data/calibration-facts.ts";
import { mainParameter, ratioOf, sameFit, sizeOf } from "../data/fit-curve.ts";
import { skippedFinding } from "../data/fit-findings.ts";
import { h } from "../dom.ts";
import { count, numberWord, percent } from "../format.ts";
import { formatNumber } from "../../../model/units.ts";
import type { PanelContent } from "./panel.ts";

type Set = (change: Partial<CalibrateState>) => void;

export function calibrationsPanel(heads: readonly CalibrationHead[], shown: string | null, other: string | null, set: Set): PanelContent {
  const hosts = heads.filter(({ kind }) => kind === "host" || kind === "operations");
  const rows = hosts.map((head) => {
    const isShown = head.id === shown;
    const compare = head.kind !== "host" || isShown ? null : h("button", { type: "button", class: "link", "data-key": `with:${head.id}`, "aria-pressed": String(head.id === other), "aria-label": head.id === other ? `stop comparing with ${head.id}` : `compare with ${head.id}`, onclick: () => set({ other: head.id === other ? null : head.id }) }, head.id === other ? "compared ×" : "compare");
    return h("tr", { class: isShown ? "chosen" : head.id === other ? "compared" : "" },
      h("td", {}, h("button", { type: "button", class: "plain row-link", "data-key": `calibration:${head.id}`, "aria-pressed": String(isShown), onclick: () => set({ calibration: head.id, fit: null, operation: null, other: head.id === other ? null : other }) }, head.subject), h("span", { class: "why" }, `${head.kind === "operations" ? "operations, " : ""}${head.date === null ? "" : showDate(head.date)}`)),
      h("td", { class: "number" }, head.rows === null ? "–" : count(head.rows)), h("td", { class: `number ${head.quiet !== null && head.quiet < 0.5 ? "assumed-words" : ""}` }, showQuiet(head.quiet)), h("td", { class: "number" }, compare));
  });
  return {
    title: hosts.length === 0 ? "No machine has been measured yet" : hosts.length === 1 ? "One calibration" : `${hosts.length < 11 ? numberWord(hosts.length) : hosts.length} calibrations, newest first`,
    subtitle: ["Quiet: share of points during which no other work ran."],
    chart: hosts.length === 0 ? h("p", { class: "state-note" }, "The library holds no calibration of a host. Measure this machine below, or on the command line: ", h("code", {}, "exatwin calibrate"), ".") : h("table", { class: "data choice" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Machine, date"), h("th", { scope: "col", class: "number" }, "rows"), h("th", { scope: "col", class: "number" }, "quiet"), h("th", { scope: "col" }, ""))), h("tbody", {}, ...rows)),
    table: { name: "calibrations", caption: "Calibrations of the library", columns: ["id", "kind", "of", "date", "rows", "curves or surfaces", "points", "quiet share"].map((name) => ({ name })), rows: hosts.map((head) => [head.id, head.kind, head.subject, head.date, head.rows, head.fits, head.points, head.quiet === null ? null : Number(head.quiet.toPrecision(4))]) },
  };
}

export function curvesPanel(host: HostCalibration, chosen: CurveFit | undefined, other: HostCalibration | null, set: Set): PanelContent {
  const body = groupFits(host.fits).flatMap((group) => [
    h("tr", { class: "group" }, h("th", { scope: "colgroup", colspan: 4 }, group.name)),
    ...group.fits.map((fit, index) => {
      const { what, of } = titleParts(fit);
      const again = index > 0 && group.fits[index - 1] !== undefined && titleParts(group.fits[index - 1] as CurveFit).what === what;
      const checked = fit.residuals.n > sizeOf(fit);
      const ratio = other ? ratioWords(fit, other) : null;
      return h("tr", { class: fit === chosen ? "chosen" : "" }, h("td", {}, again ? null : h("span", { class: "curve-what" }, what), h("button", { type: "button", class: "plain row-link", "data-key": `curve:${fit.id}`, "aria-pressed": String(fit === chosen), "aria-label": fit.title, onclick: () => set({ fit: fit.id }) }, of === "" ? what : of)),
        h("td", { class: "number" }, String(fit.points.length)), h("td", { class: "number" }, checked ? percent(fit.residuals.median, 2) : "–"), other ? h("td", { class: "number" }, ratio ?? "–") : null);
    }),
  ]);
  const unchecked = host.fits.filter((fit) => fit.residuals.n <= sizeOf(fit)).length;
  return {
    title: `${count(host.fits.length)} curves through ${count(host.fits.reduce((sum, { points }) => sum + points.length, 0))} points`,
    subtitle: [`Median residual of each${unchecked > 0 ? `; –: too few points to check (${unchecked})` : ""}.${other ? ` Ratio: ${other.scope.machine} over this one.` : ""}`],
    chart: h("table", { class: "data choice curves" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Curve"), h("th", { scope: "col", class: "number" }, "points"), h("th", { scope: "col", class: "number" }, "off by"), other ? h("th", { scope: "col", class: "number" }, "ratio") : null)), h("tbody", {}, ...body)),
    table: { name: "curves", caption: "Curves of the calibration", columns: ["benchmark", "curve", "model", "points", "median", "p90", "worst"].map((name) => ({ name })), rows: host.fits.map((fit) => [fit.benchmark, fit.title, fit.model, fit.points.length, fit.residuals.median, fit.residuals.p90, fit.residuals.worst]) },
  };
}

function ratioWords(fit: CurveFit, other: HostCalibration): string | null {
  const there = sameFit(fit, other.fits);
  const name = mainParameter(fit);
  const [own, found] = [name === undefined ? undefined : fit.parameters[name], name === undefined ? undefined : there?.parameters[name]];
  const ratio = own && found ? ratioOf(own, found) : null;
  return ratio && `${formatNumber(ratio.value)} ×`;
}

export function skippedPanel({ skipped }: HostCalibration): PanelContent {
  const groups = groupSkipped(skipped);
  return {
    title: skippedFinding(groups.flatMap(({ rows }) => rows.map((row) => ({ ...row, reason: "" }))), groups.length),
    subtitle: ["What was not measured, why, and what that does to predictions."],
    chart: groups.length === 0 ? h("p", { class: "state-note" }, "Every benchmark that was asked for ran.") : h("table", { class: "data" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Left out"), h("th", { scope: "col" }, "What that does to predictions"))),
      ...groups.map(({ reason, rows }) => h("tbody", {}, h("tr", { class: "group" }, h("th", { scope: "colgroup", colspan: 2 }, reason.charAt(0).toUpperCase() + reason.slice(1))), ...rows.map(({ benchmark, effect }) => h("tr", {}, h("td", {}, h("code", {}, benchmark)), h("td", {}, effect)))))),
    table: { name: "skipped", caption: "What was left out", columns: ["benchmark", "reason", "effect"].map((name) => ({ name })), rows: skipped.map(({ benchmark, reason, effect }) => [benchmark, reason, effect]) },
  };
}
