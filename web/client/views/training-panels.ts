/** Panels of the page of training runs: share kept over the interval, days as a distribution, what is lost by cause, and what the numbers rest on. */
import type { TrainingRun } from "../../../model/index.ts";
import { daysChart, dayBins } from "../charts/days.ts";
import { goodputChart } from "../charts/goodput-interval.ts";
import type { Ruler } from "../charts/kit.ts";
import { runPartsChart } from "../charts/run-parts.ts";
import { daysTitle, goodputSubtitle, goodputTitle, partsTitle } from "../data/training-words.ts";
import { h, tipAttribute } from "../dom.ts";
import { count, show } from "../format.ts";
import type { TrainingPicture } from "../training/protocol.ts";
import type { PanelContent } from "./panel.ts";

export function goodputPanel({ run }: TrainingPicture, width: number, ruler: Ruler): PanelContent {
  return {
    title: goodputTitle(run),
    subtitle: [goodputSubtitle(run)],
    chart: run.interval === null || run.curve.length === 0 ? h("p", { class: "note" }, "Without interruptions there is nothing to lose between two checkpoints.") : goodputChart(run, { width, ruler }),
    table: { name: "goodput", caption: "Share of the time that is kept, by the interval between checkpoints", columns: [{ name: "interval", unit: "s" }, { name: "kept" }, { name: "low 80 %" }, { name: "high 80 %" }, { name: "held by checkpoints" }, { name: "done again" }, { name: "down" }, { name: "loading" }], rows: run.curve.map(({ interval_s, effective, low80, high80, lost }) => [interval_s, effective, low80, high80, lost.checkpoint, lost.recomputed, lost.down, lost.load]) },
  };
}

export function daysPanel({ run, training }: TrainingPicture, width: number, ruler: Ruler): PanelContent {
  return {
    title: daysTitle(run),
    subtitle: [`${count(training.draws)} runs, each with its own step time, failure law and chance; dark: the middle half, lighter: nine in ten.${run.unfinished > 0 ? ` ${count(run.unfinished)} do not end and are left out.` : ""}`],
    chart: daysChart(run, { width, ruler }),
    table: { name: "days", caption: "Drawn runs by the time they take", columns: [{ name: "from", unit: "d" }, { name: "to", unit: "d" }, { name: "number of runs", whole: true }], rows: dayBins(run).map(({ low_s, high_s, runs, open }) => [low_s / 86_400, open ? null : high_s / 86_400, runs]) },
  };
}

export function partsPanel({ run }: TrainingPicture, width: number, ruler: Ruler): PanelContent {
  return {
    title: partsTitle(run),
    subtitle: [`Of ${show(run.wall_s, "time")} in all, every input at its value.`],
    chart: runPartsChart(run, { width, ruler }),
    table: { name: "parts", caption: "Where the time goes", columns: [{ name: "part" }, { name: "time", unit: "s" }, { name: "share" }], rows: run.parts.map(({ label, time_s, share }) => [label, time_s, share]) },
  };
}

const factWords: Readonly<Record<string, readonly [string, string]>> = {
  nodeInterval: ["One node interrupts every", "Mean time between interruptions of a job that one of its nodes causes."],
  keptFactor: ["More often where failed nodes stay", "Used where nodes that failed stay in use."],
  detection: ["Noticed after", "From the failure until it is known where it is."],
  restart: ["Restarted after", "From then until processes run, without the load."],
  manualShare: ["Wait for people", "Share of interruptions that people handle."],
  manualTime: ["How long they wait", "Beside detection and restart."],
  drainShare: ["Take a node out", "Share of interruptions after which a node is repaired."],
  repair: ["Repaired after", "Until that node is back. Used where spare nodes are counted."],
  spread: ["Spread of one down time", "Standard deviation of its logarithm."],
};

/** What exatwin explain would say: formula, numbers, words. */
export function wordsPanel({ explained }: TrainingPicture): PanelContent {
  return {
    title: "How the numbers come about",
    subtitle: ["Every input at its value; the drawn runs add what is not known, and chance."],
    chart: h("dl", { class: "explained" }, ...explained.flatMap(({ title, formula, numbers, words }) => [h("dt", {}, title), h("dd", {}, h("code", {}, formula), h("span", {}, numbers), h("span", {}, words))])),
    table: { name: "words", caption: "Formula, numbers and words", columns: [{ name: "what" }, { name: "formula" }, { name: "numbers" }, { name: "words" }], rows: explained.map(({ title, formula, numbers, words }) => [title, formula, numbers, words]) },
  };
}

export function factsPanel({ run }: TrainingPicture, sourceOf: (id: string) => string): PanelContent {
  const facts = run.interruptions?.facts ?? [];
  const value = ({ key, value: number }: { key: string; value: number }): string => (/Share/.test(key) ? show(number, "fraction") : /Factor|spread/.test(key) ? String(Number(number.toPrecision(3))) : show(number, "time"));
  const rows = facts.map((fact) => {
    const [name = fact.key, help = ""] = factWords[fact.key] ?? [];
    return { name, help, value: value(fact), range: `${value({ ...fact, value: fact.low95 })} – ${value({ ...fact, value: fact.high95 })}`, kind: fact.kind, from: fact.from === "machine" ? "machine" : "law", source: sourceOf(fact.source), note: fact.note ?? "" };
  });
  const cell = (text: string, number = false) => h("td", { class: number ? "number" : "" }, text);
  const table = h("div", { class: "twin" }, h("table", { class: "data" }, h("thead", {}, h("tr", {}, ...["", "value", "95\u202f%", "kind", "from", "source"].map((name, at) => h("th", { scope: "col", class: at === 1 || at === 2 ? "number" : "" }, name)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, h("td", {}, h("span", { class: "control-name", tabindex: 0, "data-tip": tipAttribute({ head: row.name, text: [row.help, row.note].filter(Boolean).join(" ") }) }, row.name)), cell(row.value, true), cell(row.range, true), cell(row.kind), cell(row.from), cell(row.source))))));
  return {
    title: facts.length === 0 ? "Nothing is known of interruptions, or they are left out" : `${rows.filter(({ from }) => from === "law").length} of ${rows.length} inputs of interruptions come from the law, not from this machine`,
    subtitle: [],
    chart: rows.length > 0 ? table : h("p", { class: "note" }, "A run in which nothing fails."),
    table: { name: "facts", caption: "What interruptions rest on", columns: [{ name: "input" }, { name: "value" }, { name: "95 %" }, { name: "kind" }, { name: "from" }, { name: "source" }, { name: "note" }], rows: rows.map((row) => [row.name, row.value, row.range, row.kind, row.from, row.source, row.note]) },
  };
}

const listOf = (lines: readonly string[], more: string): HTMLElement | null => (lines.length === 0 ? null : h("ul", { class: `remarks ${more}` }, ...lines.map((line) => h("li", {}, line))));
export const warningList = ({ warnings }: TrainingRun): HTMLElement | null => listOf(warnings, "warnings");
/** What the model says for a command line loses its flags: the page has its own ways to choose. */
export const noteList = ({ notes }: TrainingPicture): HTMLElement | null => listOf(notes.map((note) => note.replace(/; --.*$/, "")).map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}`), "");
