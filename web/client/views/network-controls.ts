/** What is asked of the network: machine, nodes and their placement, collective and vector size, two ranks. */
import { collectiveAlgorithms, type CollectiveAlgorithm, type CollectiveId } from "../../../model/network/collectives/index.ts";
import { placements } from "../../../model/simulate/placement.ts";
import { parseQuantity } from "../../../model/units.ts";
import { capital, nodesWords } from "../data/network-findings.ts";
import { hasInterconnect, operationWords, placementWords, rankHelp } from "../data/network-words.ts";
import { showBytes } from "../data/si.ts";
import { h, tipAttribute } from "../dom.ts";
import { count } from "../format.ts";
import type { NetworkPicture } from "../network/protocol.ts";
import type { NetworkState } from "../network/state.ts";
import { segments } from "./panel.ts";

export interface ControlActions {
  set(change: Partial<NetworkState>): void;
}

interface Raw {
  title?: unknown;
  interconnect?: { fabric?: { topology?: unknown } };
}

const titleOf = (document: unknown, id: string): string => (typeof (document as Raw)?.title === "string" ? String((document as Raw).title) : id);

export function createNetworkControls(machines: Record<string, unknown>, actions: ControlActions): { element: HTMLElement; draw(state: NetworkState, picture: NetworkPicture | null): void } {
  const element = h("div", { class: "network-controls" });
  const drawn = Object.keys(machines).filter((id) => hasInterconnect(machines[id])).toSorted((a, b) => titleOf(machines[a], a).localeCompare(titleOf(machines[b], b), "en"));
  const others = Object.keys(machines).filter((id) => !hasInterconnect(machines[id]));
  return {
    element,
    draw(state, picture) {
      const active = document.activeElement;
      const key = active && element.contains(active) ? active.getAttribute("data-key") : null;
      element.replaceChildren(machineGroup(state), jobGroup(state, picture), collectiveGroup(state), rankGroup(state, picture));
      if (key !== null) (element.querySelector(`[data-key="${CSS.escape(key)}"]`) as HTMLElement | null)?.focus({ preventScroll: true });
    },
  };

  function machineGroup(state: NetworkState): HTMLElement {
    const options = drawn.map((id) => h("option", { value: id, selected: id === state.machine }, titleOf(machines[id], id)));
    const without = h("optgroup", { label: "no interconnect in the document" }, ...others.map((id) => h("option", { value: id, disabled: true, selected: id === state.machine }, titleOf(machines[id], id))));
    const select = h("select", { class: "field", "data-key": "machine", "aria-label": "Machine", onchange: () => actions.set({ machine: select.value, nodes: null, from: 0, to: null, at: { depth: 0, index: 0 }, kind: null }) }, ...options, others.length > 0 ? without : null);
    if (!Object.hasOwn(machines, state.machine)) select.prepend(h("option", { value: state.machine, selected: true, disabled: true }, `${state.machine}: not known`));
    return group("Machine", "", select);
  }

  function jobGroup(state: NetworkState, picture: NetworkPicture | null): HTMLElement {
    const shown = picture?.machine.id === state.machine ? picture : null;
    const nodes = shown?.wish.nodes ?? state.nodes;
    const field = numberField("nodes", "Nodes", nodes === null ? "" : String(state.nodes ?? nodes), (value) => actions.set({ nodes: value, from: 0, to: null }), 1);
    const whole = shown !== null && nodes !== shown.machine.nodes ? h("button", { type: "button", class: "link", "data-key": "all-nodes", onclick: () => actions.set({ nodes: shown.machine.nodes, from: 0, to: null }) }, `all ${count(shown.machine.nodes)}`) : null;
    const drawn = state.placement === "random" || state.placement === "fragmented";
    const place = segments("placement", placements.map((one) => [one, one] as const), state.placement, (placement) => actions.set({ placement }));
    place.classList.add("wrap");
    place.setAttribute("data-tip", tipAttribute({ head: `Placement: ${state.placement}`, text: placementWords[state.placement] }));
    return group("Job", shown ? `${count(shown.ranks)} ${shown.ranks === 1 ? "rank" : "ranks"}` : "",
      line("Nodes", "Whole nodes; every device of a node is a rank of the job.", h("span", { class: "with-link" }, whole, field)), h("div", { class: "stack-line" }, hint("Placement", "Which nodes of the machine the job has got."), place, h("p", { class: "control-note" }, placementWords[state.placement])),
      drawn ? line("Seed", "The same seed draws the same nodes.", numberField("seed", "Seed", String(state.seed), (seed) => actions.set({ seed }), 0)) : null);
  }

  function collectiveGroup(state: NetworkState): HTMLElement {
    const algorithms = Object.entries<CollectiveAlgorithm>(collectiveAlgorithms);
    const operations = [...new Set(algorithms.map(([, { operation }]) => operation))];
    const chosen: CollectiveAlgorithm = collectiveAlgorithms[state.algorithm];
    const select = h("select", { class: "field", "data-key": "algorithm", "aria-label": "Collective and algorithm", onchange: () => actions.set({ algorithm: select.value as CollectiveId }) },
      ...operations.map((operation) => h("optgroup", { label: operationWords[operation].name }, ...algorithms.filter(([, one]) => one.operation === operation).map(([id]) => h("option", { value: id, selected: id === state.algorithm }, nameAlgorithm(id, operation))))));
    const size = h("input", { class: "knob-value", "data-key": "size", "aria-label": "Size of the vector", value: showBytes(state.bytes).replaceAll(/\s/g, " "), size: 9, onchange: () => {
      const read = parseQuantity(size.value, "data");
      if (read.ok && read.value > 0) actions.set({ bytes: read.value });
      else {
        size.setAttribute("aria-invalid", "true");
        note.textContent = read.ok ? "A size above zero is needed." : `Expected ${read.expected}.`;
      }
    } });
    const note = h("p", { class: "knob-problem", role: "alert" });
    const step = h("input", { type: "range", class: "size-range", "data-key": "size-range", "aria-label": "Size of the vector, in powers of two", "aria-valuetext": showBytes(state.bytes), min: 10, max: 36, step: 1, value: String(Math.min(36, Math.max(10, Math.round(Math.log2(state.bytes))))), oninput: () => (size.value = showBytes(2 ** Number(step.value)).replaceAll(/\s/g, " ")), onchange: () => actions.set({ bytes: 2 ** Number(step.value) }) });
    return group("Collective", "", hint(operationWords[chosen.operation].name, operationWords[chosen.operation].help), select, h("p", { class: "control-note" }, `${capital(chosen.does)}.`, " ", h("span", { class: "source" }, chosen.source)),
      line("Vector", "What every rank holds of an all-reduce; of other operations the whole of what is given or gathered. Typed units are understood: 64 MiB, 1 GB.", size), step, note);
  }

  function rankGroup(state: NetworkState, picture: NetworkPicture | null): HTMLElement {
    const shown = picture?.machine.id === state.machine ? picture : null;
    const to = state.to ?? shown?.wish.to ?? null;
    const swap = h("button", { type: "button", class: "link", "data-key": "swap", onclick: () => to !== null && actions.set({ from: to, to: state.from }) }, "swap");
    return group("Two ranks", swap, line("A, from rank", rankHelp, numberField("from", "From rank", String(state.from), (from) => actions.set({ from }), 0)), line("B, to rank", rankHelp, numberField("to", "To rank", to === null ? "" : String(to), (value) => actions.set({ to: value }), 0)),
      h("p", { class: "control-note" }, `Or set “Click” above the map to A or B and click a node.${shown ? ` The job has ${nodesWords(shown.wish.nodes)} of ${count(shown.machine.devicesPerNode)} ${shown.machine.devicesPerNode === 1 ? "device" : "devices"}.` : ""}`));
  }
}

/** "all-gather-ring" under All-gather is "ring". */
function nameAlgorithm(id: string, operation: string): string {
  const short = id.startsWith(`${operation}-`) ? id.slice(operation.length + 1) : id;
  return { sharp: "SHARP, in the switches", nvls: "NVLS, in the switch of the node" }[short] ?? short.replaceAll("-", " ");
}

const group = (name: string, note: string | Node, ...content: Array<Node | null>): HTMLElement => h("section", { "aria-label": name }, h("h2", { class: "group-head" }, name, h("span", { class: "group-note" }, note)), ...content);
const hint = (name: string, text: string): HTMLElement => h("span", { class: "plain control-name", tabindex: 0, "data-tip": tipAttribute({ head: name, text }) }, name);
const line = (name: string, text: string, control: Node): HTMLElement => h("div", { class: "knob-line" }, h("span", { class: "knob-label" }, hint(name, text)), control);

function numberField(key: string, name: string, value: string, choose: (value: number) => void, least: number): HTMLInputElement {
  const input: HTMLInputElement = h("input", { class: "knob-value", inputmode: "numeric", "data-key": key, "aria-label": name, value, size: 7, onchange: () => {
    const text = input.value.replaceAll(/[,\s]/g, "");
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) choose(Number(text));
    else {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("data-tip", tipAttribute({ head: name, text: `A whole number, ${least} or more.` }));
    }
  } });
  return input;
}
