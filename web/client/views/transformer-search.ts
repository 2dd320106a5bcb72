/** The search panel: every valid plan on these devices; progress while it runs; the best with what the others lose by, and the front of step time against free memory. */
import type { FoundPlan, PlanSearch } from "../../../model/search/found.ts";
import { objectives, type Objective } from "../../../model/search/problem.ts";
import { planFront, type PlanMark } from "../charts/plan-front.ts";
import type { Ruler } from "../charts/kit.ts";
import type { Table } from "../data/table.ts";
import { choiceName, valueWords } from "../data/transformer-words.ts";
import { h, type Tip } from "../dom.ts";
import { count, fixed, interval95, percent, range, show, showIn, signedFixed, signedPercent, unitOf } from "../format.ts";
import type { SearchProgress, TransformerPicture } from "../transformer/protocol.ts";
import { segments, type PanelContent } from "./panel.ts";

export type SearchState = { kind: "idle" } | { kind: "running"; progress: SearchProgress | null } | { kind: "done"; found: PlanSearch; devices: number } | { kind: "failed"; words: string };

export interface SearchActions {
  start(): void;
  stop(): void;
  objective(objective: Objective): void;
  take(plan: FoundPlan): void;
}

const objectiveNames: Record<Objective, string> = { time: "time", cost: "device hours", energy: "energy", memory: "memory" };

export function searchPanel(search: SearchState, picture: TransformerPicture, objective: Objective, width: number, ruler: Ruler, actions: SearchActions): PanelContent {
  const { point } = picture;
  const controls = h("div", { class: "map-controls" }, h("span", { class: "click-word" }, "Least"), segments("objective", objectives.map((one) => [one, objectiveNames[one]] as const), objective, actions.objective),
    search.kind === "running" ? h("button", { type: "button", class: "button", "data-key": "search-stop", onclick: actions.stop }, "Stop") : h("button", { type: "button", class: "button strong", "data-key": "search", onclick: actions.start }, `Search ${count(point.devices)} GPUs`));
  return { title: titleOf(search), subtitle: [subtitleOf(search, picture)], controls, chart: bodyOf(search, picture, width, ruler, actions), table: tableOf(search) };
}

function titleOf(search: SearchState): string {
  if (search.kind === "running") return `Searching: ${count(search.progress?.valid ?? 0)} valid plans so far`;
  if (search.kind === "failed") return "The search could not be made";
  if (search.kind === "idle") return "Every valid plan can be searched";
  const { plans: [best, second], complete } = search.found;
  if (!best) return "No valid plan fits";
  const step = show(best.stepTime_s.value, "time");
  const equal = search.found.plans.filter(({ behind }) => behind !== null && behind.share < 5e-4).length;
  const lead = !second?.behind ? "" : equal > 0 ? `; ${equal === 1 ? "another plan is" : `${count(equal)} more plans are`} as good` : `, the next loses ${percent(second.behind.share, 2)}`;
  return `${complete ? "Best" : "Best so far"}: ${step}${lead}`;
}

function subtitleOf(search: SearchState, { point }: TransformerPicture): string {
  if (search.kind === "done") {
    const { counts } = search.found;
    return `${count(counts.valid)} valid plans on ${count(search.devices)} GPUs with the same batch and number format: ${count(counts.tooLarge)} need too much memory, ${count(counts.judged)} were timed, ${count(counts.bounded)} cannot be among the best.`;
  }
  return `Tensor, pipeline, context and expert ranks, parts, schedules, sharding, micro-batch and recomputation, with ${count(point.layout.globalBatch)} sequences a step on ${count(point.devices)} GPUs.`;
}

function bodyOf(search: SearchState, picture: TransformerPicture, width: number, ruler: Ruler, actions: SearchActions): Element {
  if (search.kind === "idle") return h("p", { class: "state-note" }, "The search goes through all of them here on this page and leaves out only what a bound rules out.");
  if (search.kind === "failed") return h("p", { class: "state-note" }, search.words);
  if (search.kind === "running") {
    const part = search.progress?.part ?? 0;
    return h("div", { class: "search-running" }, h("div", { class: "working-bar", role: "progressbar", "aria-label": "Search", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(part * 100) }, h("i", { style: `width: ${Math.round(part * 100)}%` })), h("p", { class: "note" }, search.progress?.bestStep_s ? `Best so far ${show(search.progress.bestStep_s, "time")}; ${percent(part, 2)} of the space.` : "Starting."));
  }
  const { found } = search;
  if (found.plans.length === 0) return h("p", { class: "state-note" }, found.notes.join(" "));
  const memory = picture.point.memory;
  const now = search.devices === picture.point.devices ? { step_s: picture.point.stepTime_s.value, free_bytes: memory === null ? 0 : memory.capacity_bytes - memory.fullest.device.bytes } : null;
  const wide = width >= 900;
  const chart = planFront(marksOf(found), now, { width: wide ? Math.round(width * 0.36) : width, ruler });
  const note = found.plans.some(({ passByPass }) => passByPass !== null) ? h("p", { class: "note" }, "Pass by pass: the step with every pass of the pipeline simulated, against the closed form that ranks the plans.") : null;
  return h("div", { class: "search-done" }, h("div", {}, plansTable(found, actions), note), h("div", { class: "front" }, chart));
}

const wordsOf = ({ choices, data }: FoundPlan): string => {
  const named = [["tensor", "tensor"], ["context", "context"], ["pipeline", "pipeline"], ["expert", "expert"]].flatMap(([key = "", name = ""]) => (Number(choices[key] ?? 1) > 1 ? [`${name} ${count(Number(choices[key]))}`] : []));
  const parts = Number(choices["virtualStages"] ?? 1) > 1 ? ` by ${count(Number(choices["virtualStages"]))}` : "";
  const schedule = Number(choices["pipeline"] ?? 1) > 1 ? `, ${valueWords[String(choices["schedule"])] ?? String(choices["schedule"])}${parts}` : "";
  return `${[...named, `data ${count(data)}`].join(" × ")}${schedule}`;
};
const restOf = ({ choices }: FoundPlan): string => `micro-batch ${String(choices["microBatch"])}, recompute ${String(choices["recompute"])}${choices["recomputedLayers"] === undefined ? "" : ` ${String(choices["recomputedLayers"])}`}, ${choices["sharding"] === "none" ? "nothing" : String(choices["sharding"])} sharded`;

/** Choices of a plan come as text. */
const wordOf = (value: string): string => valueWords[value] ?? value;

function behindWords({ behind }: FoundPlan): string {
  if (behind === null) return "";
  const [first] = behind.terms.filter(({ more_s }) => more_s > 0);
  const changed = behind.changed.slice(0, 2).map(({ key, best, here }) => `${choiceName(key).toLowerCase()} ${wordOf(here)} for ${wordOf(best)}`).join(", ");
  return `${changed === "" ? "" : `${changed}: `}${first ? `${first.label.toLowerCase()} takes ${show(first.more_s, "time")} more` : behind.memoryMore_bytes > 0 ? `${show(behind.memoryMore_bytes, "data")} more memory` : "as good"}`;
}

function plansTable({ plans }: PlanSearch, actions: SearchActions): HTMLElement {
  const unit = unitOf(plans[0]?.stepTime_s.value ?? 1, "time");
  const rows = plans.map((plan, index) => h("tr", { "data-plan": String(index) },
    h("td", { class: "number rank3" }, count(index + 1)),
    h("td", {}, h("button", { type: "button", class: "link row-link", "data-key": `take:${index}`, onclick: () => actions.take(plan) }, wordsOf(plan)), h("span", { class: "why" }, restOf(plan))),
    h("td", { class: "number" }, fixed(plan.stepTime_s.value / unit.scale, 2), h("span", { class: "why" }, range(plan.stepTime_s.low95, plan.stepTime_s.high95, unit))),
    h("td", { class: "number rank2" }, percent(plan.utilisation.value)),
    h("td", { class: "number rank2" }, fixed(plan.memory.margin_bytes / 2 ** 30, 1)),
    h("td", { class: "rank3" }, plan.behind ? h("strong", {}, `${signedPercent(plan.behind.share)} `) : "best", h("span", { class: "why" }, behindWords(plan)), plan.passByPass ? h("span", { class: "why" }, `pass by pass ${signedPercent(plan.passByPass.difference)}`) : null)));
  return h("table", { class: "data plans" }, h("thead", {}, h("tr", {}, ...([["", "number rank3"], ["Plan", ""], [`step, ${unit.unit}`, "number"], ["MFU", "number rank2"], ["free, GiB", "number rank2"], ["why not first", "rank3"]] as const).map(([name, kind]) => h("th", { class: kind }, name)))), h("tbody", {}, ...rows));
}

function marksOf({ plans, front }: PlanSearch): PlanMark[] {
  const mark = (plan: FoundPlan, id: string, isFront: boolean): PlanMark => {
    const unit = unitOf(plan.stepTime_s.value, "time");
    const tip: Tip = { head: wordsOf(plan), rows: [["step", `${showIn(plan.stepTime_s.value, unit)}, ${interval95(plan.stepTime_s, unit)}`], ["free", `${signedFixed(plan.memory.margin_bytes / 2 ** 30, 1).replace("+", "")}\u00a0GiB`], ["MFU", percent(plan.utilisation.value)]], text: restOf(plan), foot: "Enter or click takes this plan." };
    return { id, step_s: plan.stepTime_s.value, free_bytes: plan.memory.margin_bytes, front: isFront, tip };
  };
  // The best is on the front as well; what is on it lies on top.
  const beside = plans.flatMap((plan, index) => (front.some(({ stepTime_s, memory }) => stepTime_s.value === plan.stepTime_s.value && memory.margin_bytes === plan.memory.margin_bytes) ? [] : [mark(plan, `plan-${index}`, false)]));
  return [...beside, ...front.map((plan, index) => mark(plan, `front-${index}`, true)).toReversed()];
}

/** The plan of a mark. */
export function planOf(search: SearchState, id: string): FoundPlan | null {
  if (search.kind !== "done") return null;
  const [list, index] = id.split("-");
  return (list === "front" ? search.found.front : search.found.plans)[Number(index)] ?? null;
}

function tableOf(search: SearchState): Table {
  const found = search.kind === "done" ? search.found : null;
  const keys = [...new Set(found?.plans.flatMap(({ choices }) => Object.keys(choices)) ?? [])];
  const rows = [...(found?.plans ?? []).map((plan) => ["best", plan] as const), ...(found?.front ?? []).map((plan) => ["front", plan] as const)];
  return {
    name: "plans", caption: "Plans that the search gives",
    columns: [{ name: "list" }, ...keys.map((name) => ({ name })), { name: "step time", unit: "s" }, { name: "low 95", unit: "s" }, { name: "high 95", unit: "s" }, { name: "MFU", unit: "%" }, { name: "free memory", unit: "GiB" }, { name: "behind the best", unit: "%" }, { name: "why" }],
    rows: rows.map(([list, plan]) => [list, ...keys.map((key) => { const value = plan.choices[key]; return typeof value === "number" ? value : value === undefined || value === null ? null : String(value); }), ...[plan.stepTime_s.value, plan.stepTime_s.low95, plan.stepTime_s.high95, plan.utilisation.value * 100, plan.memory.margin_bytes / 2 ** 30, (plan.behind?.share ?? 0) * 100].map((value) => Number(value.toPrecision(6))), behindWords(plan)]),
  };
}
