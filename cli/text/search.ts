/** Plans that a search found on one screen: figures, choices, what the best spends its time on, and why the others come after it. */
import type { FoundPlan, PlanSearch, SearchRequest, SearchState, TransformerScenario } from "../../model/index.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount, showInterval, unitFor } from "./quantities.ts";
import { writeTable } from "./table.ts";

export function writeSearch(scenario: TransformerScenario, request: SearchRequest, found: PlanSearch, look: Look): string {
  const { plans, front, notes, counts, complete } = found;
  const { workload, machine, device, stack, plan } = scenario;
  const first = plans[0];
  return [
    wrap(bold(`${workload.title} on ${machine.title}`, look), look.width),
    wrap(`${request.devices.map(showCount).join(", ")} of ${device.title}; ${showCount(plan.globalBatch)} sequences a step; ${request.recipes.join(", ")}; stack ${stack.id}; least ${request.objective}${complete ? "" : "; ended early, so there may be better ones"}`, look.width),
    wrap(`${showCount(counts.layouts)} layouts: ${showCount(counts.valid)} valid, ${showCount(counts.tooLarge)} refused by memory, ${showCount(counts.bounded)} left out by bounds, ${showCount(counts.judged)} fit and timed to the end`, look.width),
    "",
    ...(first === undefined ? [] : [writePlans(plans, look), "", writeTerms(first, look), ...plans.slice(1).map((one, at) => writeBehind(one, at + 2, found, look)), ...writeChecks(plans, look)]),
    ...(front.length > 0 ? ["", bold(`Not beaten in ${(request.pareto ?? []).join(" and ")}`, look), writePlans(front, look)] : []),
    ...notes.map((note) => wrap(note, look.width)),
  ].join("\n");
}

export const writeSearchState = ({ part, best, counts }: SearchState): string => `searching: ${Math.floor(part * 100)} %, ${showCount(counts.valid)} layouts, ${best[0] === undefined ? "nothing fits yet" : `best ${formatNumber(best[0].step_s, 4)} s`}`;

function writePlans(plans: readonly FoundPlan[], look: Look): string {
  const time = unitFor(plans.map(({ stepTime_s }) => stepTime_s.value), "time");
  const several = (of: (plan: FoundPlan) => unknown): boolean => new Set(plans.map(of)).size > 1;
  const ranks = plans.map((_, at) => String(at + 1));
  const choice = (key: string) => (plan: FoundPlan): string => String(plan.choices[key] ?? "");
  const gib = (bytes: number): string => formatNumber(bytes / 2 ** 30, 3);
  return [
    writeTable(
      [
        { head: "", cells: ranks },
        { head: "GPUs", cells: plans.map(({ devices }) => showCount(devices)) },
        { head: "step time", unit: time.unit, cells: plans.map(({ stepTime_s }) => time.show(stepTime_s.value, 4)) },
        { head: "95 % interval", unit: time.unit, cells: plans.map(({ stepTime_s }) => showInterval(stepTime_s.low95, stepTime_s.high95, time)) },
        { head: "tokens/s", unit: "a GPU", cells: plans.map(({ throughputPerDevice_tokens_per_s }) => formatNumber(throughputPerDevice_tokens_per_s.value, 4)) },
        { head: "MFU", unit: "%", cells: plans.map(({ utilisation }) => (utilisation.value * 100).toFixed(1)) },
        { head: "memory", unit: "GiB", cells: plans.map(({ memory }) => gib(memory.device_bytes)) },
        { head: "margin", unit: "GiB", cells: plans.map(({ memory }) => gib(memory.margin_bytes)) },
        { head: "device-hours", unit: "a step", cells: plans.map(({ device_hours }) => formatNumber(device_hours, 3)) },
        { head: "price", unit: "a step", cells: plans.map(({ price }) => (price === null ? "" : formatNumber(price, 3))) },
        { head: "energy", unit: "MJ", cells: plans.map(({ energy_J }) => (energy_J === null ? "" : formatNumber(energy_J / 1e6, 3))) },
      ],
      look,
    ),
    "",
    writeTable(
      [
        { head: "", cells: ranks },
        { head: "recipe", align: "left", cells: several(choice("recipe")) ? plans.map(choice("recipe")) : [] },
        { head: "tensor", cells: plans.map((plan) => `${choice("tensor")(plan)}${plan.choices["sequenceParallel"] === true ? " sp" : ""}`) },
        { head: "context", cells: plans.map(({ choices }) => (Number(choices["context"]) > 1 ? `${String(choices["context"])} ${String(choices["contextScheme"] ?? "")}`.trim() : "1")) },
        { head: "pipeline", cells: plans.map(({ choices }) => (Number(choices["pipeline"]) > 1 ? `${String(choices["pipeline"])} ${String(choices["schedule"])}${Number(choices["virtualStages"]) > 1 ? ` x${String(choices["virtualStages"])}` : ""}` : "1")) },
        { head: "data", cells: plans.map(({ data }) => showCount(data)) },
        { head: "expert", cells: plans.some(({ choices }) => Number(choices["expert"]) * Number(choices["expertTensor"]) > 1) ? plans.map(({ choices }) => `${String(choices["expert"])} x ${String(choices["expertTensor"])}`) : [] },
        { head: "micro-batch", cells: plans.map((plan) => `${choice("microBatch")(plan)} x ${showCount(plan.microBatches)}`) },
        { head: "sharding", align: "left", cells: plans.map(choice("sharding")) },
        { head: "recompute", align: "left", cells: plans.map(({ choices }) => `${String(choices["recompute"])}${choices["recomputedLayers"] === undefined ? "" : ` ${String(choices["recomputedLayers"])}`}`) },
      ],
      look,
    ),
  ].join("\n");
}

/** The five largest. */
function writeTerms({ terms, stepTime_s }: FoundPlan, look: Look): string {
  const largest = terms.toSorted((a, b) => b.time_s - a.time_s).slice(0, 5);
  return wrap(`${bold("1", look)}: ${largest.map(({ label, time_s }) => `${label.toLowerCase()} ${((time_s / stepTime_s.value) * 100).toFixed(1)} %`).join(", ")}`, look.width, "   ");
}

function writeBehind({ behind }: FoundPlan, rank: number, { objective }: PlanSearch, look: Look): string {
  if (behind === null) return "";
  const signed = (value: number, text: string): string => `${value < 0 ? "−" : "+"}${text}`;
  const changed = behind.changed.map(({ key, best, here }) => `${key} ${here} instead of ${best}`).join(", ");
  const terms = behind.terms.map(({ label, more_s }) => `${label.toLowerCase()} ${signed(more_s, showQuantity(Math.abs(more_s), "time"))}`).join(", ");
  const memory = behind.memoryMore_bytes === 0 ? "" : `; memory ${signed(behind.memoryMore_bytes, showQuantity(Math.abs(behind.memoryMore_bytes), "data"))}`;
  return dim(wrap(`${rank}: ${(behind.share * 100).toFixed(2)} % more ${objective}: ${changed}: ${terms === "" ? "the same time" : terms}${memory}`, look.width, "   "), look);
}

function writeChecks(plans: readonly FoundPlan[], look: Look): string[] {
  const checked = plans.flatMap(({ passByPass }, at) => (passByPass === null ? [] : [`${at + 1}: ${showQuantity(passByPass.step_s, "time")} (${passByPass.difference < 0 ? "−" : "+"}${(Math.abs(passByPass.difference) * 100).toFixed(2)} %)`]));
  return checked.length === 0 ? [] : [wrap(`Every pass of the pipeline one by one: ${checked.join("; ")}`, look.width, "   ")];
}
