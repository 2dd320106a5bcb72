/** Panels of one curve: the fit, its residuals, its parameters and the candidates it was chosen from. */
import type { CurveFit } from "../../../model/schema/calibration.ts";
import { fitChart } from "../charts/fit.ts";
import type { Ruler } from "../charts/kit.ts";
import { oneValueChart } from "../charts/one-value.ts";
import { ratioBar } from "../charts/ratio-bar.ts";
import { residualChart } from "../charts/residuals.ts";
import { valueAxis, valueTicks } from "../charts/value-axes.ts";
import type { CalibrateState } from "../calibrate/state.ts";
import { ratioOf, unitOfParameter, unitOfY, type Ratio } from "../data/fit-curve.ts";
import { fitChartData, fitTable, isOneValue, oneValueData, residualData, type Shown } from "../data/fit-data.ts";
import { candidatesFinding, fitFinding, parametersFinding, residualFinding } from "../data/fit-findings.ts";
import { titleParts } from "../data/calibration-facts.ts";
import { rangeSi, showSi, siUnit, tickSi } from "../data/si.ts";
import { h, s, tipAttribute } from "../dom.ts";
import { inUnit, percent, signedFixed } from "../format.ts";
import { formatNumber } from "../../../model/units.ts";
import { ring } from "../charts/marks.ts";
import { segments, type PanelContent } from "./panel.ts";

export interface FitActions {
  set(change: Partial<CalibrateState>): void;
}

const hollow = () => s("svg", { width: 10, height: 10, viewBox: "0 0 10 10", class: "inline-mark", "aria-hidden": "true" }, ring(5, 5, 3.4));

export function fitPanel(own: Shown, other: Shown | null, state: CalibrateState, width: number, ruler: Ruler, actions: FitActions): PanelContent {
  const { fit } = own;
  const { what, of } = titleParts(fit);
  const noisy = fit.points.some(({ quiet }) => !quiet);
  const one = isOneValue(fit);
  const kinds = one ? "" : state.x === state.y ? `; both axes ${state.x}` : `; x ${state.x}, y ${state.y}`;
  const about = `${what}${of === "" ? "" : `: ${of}`}. Median, whiskers from the least to the 90\u202f% quantile${kinds}. Band: 95\u202f% for a new run.`;
  const switches = one ? null : h("div", { class: "switches" }, segments("y", [["log", "log y"], ["linear", "linear y"]] as const, state.y, (y) => actions.set({ y })), segments("x", [["log", "log x"], ["linear", "linear x"]] as const, state.x, (x) => actions.set({ x })));
  return {
    title: fitFinding(fit),
    subtitle: [about, ...(noisy ? [" Hollow ", hollow(), ": other work ran."] : [])],
    controls: switches,
    chart: one ? oneValueChart(oneValueData(own, other), { width, ruler }) : fitChart(fitChartData(own, other, state), { width, height: Math.round(Math.min(430, Math.max(300, width * 0.5))), ruler }),
    table: fitTable(own, other),
    after: keptOut(fit),
  };
}

function keptOut(fit: CurveFit): HTMLElement | null {
  const out = fit.points.filter(({ excluded }) => excluded !== undefined);
  return out.length === 0 ? null : h("p", { class: "note" }, h("strong", {}, "Kept out. "), ...out.map((point) => `${fit.x.unit === "B" ? showSi(point.x, "B") : formatNumber(point.x)}, ${showSi(point.y, unitOfY(fit))}: ${point.excluded ?? ""}. `), "In the file, crossed here, not in the fit.");
}

export function residualPanel(own: Shown, other: Shown | null, state: CalibrateState, width: number, ruler: Ruler): PanelContent {
  const { fit } = own;
  const chart = fitChartData(own, other, state);
  const inView = [chart.own, ...(chart.other ? [chart.other] : [])].flatMap(({ points, curves }) => [...points.flatMap(({ y, low, high }) => [y, low, high]), ...curves.flat().map(({ y }) => y)]).filter((value) => value > 0);
  // The plot begins where the one above it does.
  const left = Math.max(48, Math.max(...valueTicks(valueAxis(inView, state.y, 1, 0)).map((tick) => ruler(tickSi(tick, unitOfY(fit))))) + 16) + 8;
  return {
    title: residualFinding(fit),
    subtitle: ["Measured over fit, less one; y linear. Shaded: ±5\u202f%."],
    chart: residualChart(residualData(own, other, state.x, left), { width, height: 150, ruler }),
    table: { name: "residuals", caption: `Residuals of ${fit.title}`, columns: [{ name: fit.x.name, unit: fit.x.unit }, { name: "residual" }, { name: "kept out because" }], rows: residualData(own, null, state.x, left).points.map((point, index) => [point.x, Number(point.residual.toPrecision(5)), fit.points[index]?.excluded ?? null]) },
  };
}

const barWidth = 132;

export function parametersPanel(own: Shown, other: Shown | null): PanelContent {
  const { fit } = own;
  const rows = Object.entries(fit.parameters).map(([name, { value, low, high, unit }]) => {
    const there = other?.fit.parameters[name];
    const ratio = there === undefined ? null : ratioOf({ value, low, high }, there);
    return { name, value, low, high, unit: unitOfParameter(fit, name, unit), ratio };
  });
  const spans = rows.flatMap(({ value, low, high, ratio }) => (value > 0 ? [high / value, low > 0 ? value / low : 4, ...(ratio ? [ratio.value, 1 / ratio.value] : [])] : []));
  const reach = Math.min(8, Math.max(1.1, ...spans) * 1.05);
  const say = (ratio: Ratio) => `${formatNumber(ratio.value)} ×`;
  const body = rows.map(({ name, value, low, high, unit, ratio }) => {
    const best = siUnit(value, unit);
    const label = `${name} ${showSi(value, unit)}, 95\u202f% ${rangeSi(low, high, unit)}${ratio ? `; in ${other?.name ?? ""} ${say(ratio)}` : ""}`;
    return h("tr", {}, h("td", {}, name.charAt(0).toUpperCase() + name.slice(1)), h("td", { class: "number" }, h("strong", {}, inUnit(value, best)), best.unit === "" ? "" : h("span", { class: "unit" }, ` ${best.unit}`)),
      h("td", { class: "strip rank3" }, value > 0 ? ratioBar({ low: Math.max(low / value, 1e-9), high: high / value, other: ratio, reach, label }, barWidth) : null), h("td", { class: "number rank2" }, rangeSi(low, high, unit)),
      other ? h("td", { class: "number", "data-tip": tipAttribute({ head: `${other.name} over ${own.name}`, rows: ratio ? [["ratio", say(ratio)], ["95\u202f%", `${formatNumber(ratio.low)} – ${formatNumber(ratio.high)}`], ["there", there(other.fit, name, unit)]] : [["there", "not a parameter of its curve"]] }) }, ratio ? h("span", {}, say(ratio), h("span", { class: "why" }, `${formatNumber(ratio.low)} – ${formatNumber(ratio.high)}`)) : "–") : null);
  });
  const otherModel = other && other.fit.model !== fit.model ? `The curve of ${other.name} is another: ${other.fit.model}. Only parameters of the same name are compared.` : null;
  const { expectation } = fit;
  return {
    title: other ? comparisonFinding(own, other) : parametersFinding(fit),
    subtitle: [`Bars: 95\u202f% interval over the value, one log scale up to ${formatNumber(reach, 2)} ×.${other ? ` Grey: ${other.name} over this one, independent errors.` : ""}`],
    chart: h("div", {}, h("table", { class: "data parameters" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Parameter"), h("th", { scope: "col", class: "number" }, "value"), h("th", { scope: "col", class: "rank3" }, ""), h("th", { scope: "col", class: "number rank2" }, "95\u202f%"), other ? h("th", { scope: "col", class: "number" }, "ratio") : null)), h("tbody", {}, ...body)),
      expectation ? h("p", { class: "note" }, `Expected: ${expectation.label}, ${showSi(expectation.value, expectation.unit)}${reached(fit)}.`) : null, otherModel ? h("p", { class: "note" }, otherModel) : null),
    table: {
      name: "parameters", caption: `Parameters of ${fit.title}`,
      columns: [{ name: "calibration" }, { name: "parameter" }, { name: "value" }, { name: "low 95" }, { name: "high 95" }, { name: "unit" }, { name: "ratio" }, { name: "ratio low" }, { name: "ratio high" }],
      rows: [own, ...(other ? [other] : [])].flatMap((shown) => Object.entries(shown.fit.parameters).map(([name, { value, low, high, unit }]) => {
        const ratio = shown === other ? rows.find((row) => row.name === name)?.ratio : null;
        return [shown.name, name, value, low, high, unit, ratio ? Number(ratio.value.toPrecision(4)) : null, ratio ? Number(ratio.low.toPrecision(4)) : null, ratio ? Number(ratio.high.toPrecision(4)) : null];
      })),
    },
  };
}

const there = (fit: CurveFit, name: string, unit: string): string => {
  const found = fit.parameters[name];
  return found ? `${showSi(found.value, unit)} (${rangeSi(found.low, found.high, unit)})` : "–";
};

/** How near a fitted rate comes to what the link allows. */
function reached({ parameters, expectation }: CurveFit): string {
  const found = Object.entries(parameters).findLast(([name, { unit }]) => unit === expectation?.unit && /bandwidth|value|peak|level/.test(name));
  return found && expectation ? `; ${found[0]} reaches ${percent(found[1].value / expectation.value)} of it` : "";
}

/** Ratios whose interval leaves out 1 are changes; the largest is named. */
function comparisonFinding(own: Shown, other: Shown): string {
  const ratios = Object.entries(own.fit.parameters).flatMap(([name, parameter]) => {
    const found = other.fit.parameters[name];
    const ratio = found && ratioOf(parameter, found);
    return ratio ? [{ name, ratio }] : [];
  });
  if (ratios.length === 0) return "The two curves have no parameter in common";
  const apart = ratios.filter(({ ratio }) => ratio.low > 1 || ratio.high < 1).toSorted((a, b) => Math.abs(Math.log(b.ratio.value)) - Math.abs(Math.log(a.ratio.value)));
  const [most] = apart;
  if (most === undefined) return "The two agree within their intervals";
  return `${most.name.charAt(0).toUpperCase()}${most.name.slice(1)} of ${other.name} is ${formatNumber(most.ratio.value)} × this one`;
}

export function candidatesPanel(fit: CurveFit): PanelContent {
  const ordered = fit.candidates.toSorted((a, b) => a.bic - b.bic);
  const least = ordered[0]?.bic ?? 0;
  const rows = ordered.map(({ model, parameters, median, worst, bic }) =>
    h("tr", { class: model === fit.model ? "chosen" : "" }, h("td", {}, model), h("td", { class: "number" }, String(parameters)), h("td", { class: "number" }, percent(median, 2)), h("td", { class: "number" }, percent(worst, 2)), h("td", { class: "number" }, bic === least ? "0" : signedFixed(bic - least, bic - least < 10 ? 1 : 0))));
  const bic = { head: "Bayesian information criterion", text: "Misfit plus a charge for each parameter. A candidate 10 above the best has next to no support; below 2 the data do not tell them apart." };
  return {
    title: candidatesFinding(fit),
    subtitle: ["The least ΔBIC is drawn. Errors are of the points that the fit takes."],
    chart: h("table", { class: "data choice" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Candidate"), h("th", { scope: "col", class: "number" }, h("span", { class: "wide-only" }, "parameters"), h("span", { class: "narrow-only" }, "par.")), h("th", { scope: "col", class: "number" }, "median"), h("th", { scope: "col", class: "number" }, "worst"), h("th", { scope: "col", class: "number" }, h("span", { tabindex: 0, class: "plain", "data-tip": tipAttribute(bic) }, "ΔBIC")))), h("tbody", {}, ...rows)),
    table: { name: "candidates", caption: `Candidates for ${fit.title}`, columns: ["model", "parameters", "median", "worst", "BIC over the best"].map((name) => ({ name })), rows: ordered.map(({ model, parameters, median, worst, bic: own }) => [model, parameters, median, worst, Number((own - least).toPrecision(5))]) },
  };
}
