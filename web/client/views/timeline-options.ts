/** What is simulated: scale, draws, seed, placement, a slow node; and while it runs, what is being done and the way to stop it. */
import { placements, type Placement } from "../../../model/simulate/placement.ts";
import { h, tipAttribute } from "../dom.ts";
import { count } from "../format.ts";
import { expected, fitsDraws, fitsSlow, type TimelineState } from "../timeline/state.ts";
import { segments } from "./panel.ts";

export interface OptionActions {
  set(change: Partial<Pick<TimelineState, "draws" | "seed" | "placement" | "slow">>): void;
  setDevices(devices: number): void;
  again(): void;
  cancel(): void;
}

export interface TimelineOptions {
  element: HTMLElement;
  update(state: TimelineState, shown: { devices: number; scales: readonly number[]; nodes: number; contends: boolean } | null): void;
  /** Null: nothing is running. */
  running(words: string | null, elapsed_s: number): void;
}

const placementHelp: Record<Placement, string> = {
  packed: "nodes next to each other", strided: "every k-th node, over the whole machine", random: "nodes anywhere, in any order", fragmented: "runs of nodes between other jobs, as a scheduler of a busy machine leaves them",
};

export function createTimelineOptions(actions: OptionActions): TimelineOptions {
  const says = h("span", { class: "option-problem", role: "alert" });
  const wrong = (field: HTMLInputElement, words: string) => {
    field.setAttribute("aria-invalid", words === "" ? "false" : "true");
    says.textContent = words;
  };
  const number = (name: string, width: number, fits: (value: number) => boolean, wants: string, take: (value: number) => void): HTMLInputElement => {
    const field = h("input", { class: "field", inputmode: "decimal", "aria-label": name, "data-option": name, style: `width: ${width}px` });
    field.addEventListener("change", () => {
      const text = field.value.replaceAll(",", "").trim();
      const value = text === "" ? Number.NaN : Number(text);
      if (!Number.isFinite(value) || !fits(value)) return wrong(field, `${name}: got "${field.value}", expected ${wants}`);
      wrong(field, "");
      take(value);
    });
    return field;
  };
  const devices = number("GPUs", 76, (value) => Number.isInteger(value) && value >= 1, "a whole number from 1", (value) => actions.setDevices(value));
  const list = h("datalist", { id: "timeline-scales" });
  devices.setAttribute("list", list.id);
  const draws = number("Draws", 52, fitsDraws, expected.draws, (value) => actions.set({ draws: value }));
  const seed = number("Seed", 52, Number.isInteger, expected.seed, (value) => actions.set({ seed: value }));
  const slow = number("Slow node", 52, fitsSlow, expected.slow, (value) => actions.set({ slow: value }));
  const nodes = h("span", { class: "option-note" });
  const where = h("div", { class: "option" });
  const again = h("button", { type: "button", class: "button strong", "data-key": "simulate", onclick: actions.again }, "Simulate");
  const cancel = h("button", { type: "button", class: "button", "data-key": "cancel", onclick: actions.cancel }, "Cancel");
  const doing = h("span", { class: "option-doing", role: "status" });
  const option = (name: string, help: string, ...field: Node[]) => h("label", { class: "option", "data-tip": tipAttribute({ head: name, text: help }) }, h("span", {}, name), ...field);
  const element = h("section", { class: "timeline-options", "aria-label": "Simulation" },
    option("GPUs", "How many devices the step runs on.", devices), list, nodes, option("Draws", "Fleets of devices that are drawn; the step's spread is over them.", draws),
    option("Seed", "Of all that is drawn: the same seed gives the same speeds and placement.", seed), where, option("Slow node", "The devices of one node take that many times as long; 1 is none.", slow, h("span", { class: "option-note" }, "×")),
    h("div", { class: "option-run" }, again, cancel, doing), says);
  return {
    element,
    update(state, shown) {
      const fill = (field: HTMLInputElement, value: string) => {
        if (document.activeElement !== field || field.getAttribute("aria-invalid") !== "true") field.value = value;
      };
      fill(devices, count(state.scenario.devices ?? shown?.devices ?? 0));
      fill(draws, count(state.draws));
      fill(seed, String(state.seed));
      fill(slow, String(state.slow));
      list.replaceChildren(...(shown?.scales ?? []).map((scale) => h("option", { value: scale })));
      nodes.textContent = shown ? `on ${count(shown.nodes)} ${shown.nodes === 1 ? "node" : "nodes"}` : "";
      where.replaceChildren(h("span", { "data-tip": tipAttribute({ head: "Placement", text: shown?.contends === false ? "The machine document has no interconnect: placement moves nothing here." : placements.map((one) => `${one}: ${placementHelp[one]}`).join("; ") }) }, "Nodes"),
        segments("Placement", placements.map((one) => [one, one] as const), state.placement, (placement) => actions.set({ placement })));
    },
    running(words, elapsed_s) {
      again.hidden = words !== null;
      cancel.hidden = words === null;
      doing.textContent = words === null ? "" : `${words}${elapsed_s >= 1 ? `, ${Math.floor(elapsed_s)} s` : ""}`;
    },
  };
}
