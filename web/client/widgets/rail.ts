/** The rail of knobs, by group, updated in place so that a slider in the hand is never replaced. */
import type { Knob } from "../../../model/index.ts";
import { kindIcon, kindNames, diamond, type Kind } from "../charts/marks.ts";
import { h, s } from "../dom.ts";
import type { Scene } from "../data/scene.ts";
import type { State } from "../state.ts";
import { createKnob, type ChangeValue, type KnobView } from "./knob.ts";

export const devicesPath = "gpus";

export interface RailActions {
  change(path: string, value: ChangeValue): void;
  setDevices(devices: number): void;
  reset(): void;
}

const groups = ["Plan", "Network", "Device", "Data", "Software"] as const;

export interface Rail {
  element: HTMLElement;
  /** `newest` may be ahead of what is drawn: a knob that it has moved since is left alone. */
  update(scene: Scene, newest: State): void;
}

export function createRail(actions: RailActions): Rail {
  const body = h("div", {});
  const element = h("div", { class: "rail-body" }, body, legend());
  let views: KnobView[] = [];
  let heads = new Map<string, HTMLElement>();
  let built = "";

  const build = (scene: Scene) => {
    views = [];
    heads = new Map();
    const sections = groups.flatMap((group) => {
      const knobs = scene.current.knobs.filter((knob) => knob.group === group);
      if (knobs.length === 0 && group !== "Plan") return [];
      const own = knobs.map((knob) => createKnob(knob, {}, actions.change));
      const list = group === "Plan" ? [createDeviceKnob(scene, actions.setDevices), ...own] : own;
      views.push(...list);
      const note = h("span", { class: "group-note" });
      heads.set(group, note);
      return [h("section", { "aria-label": `Knobs: ${group}` }, h("h2", { class: "group-head" }, group, note), ...list.map((view) => view.element))];
    });
    body.replaceChildren(...sections);
  };

  return {
    element,
    update(scene, newest) {
      const key = JSON.stringify([scene.current.total, scene.current.prediction.scenario.devicesPerNode, scene.current.prediction.scenario.run?.id, scene.current.knobs.map((knob) => [knob.path, knob.control])]);
      if (key !== built) build(scene);
      built = key;
      for (const view of views) {
        if (view.path === devicesPath) {
          if (newest.devices !== scene.state.devices) continue;
          const knob = deviceKnob(scene);
          view.update({ knob, base: { ...knob, value: largest(scene), text: String(largest(scene)) }, changed: scene.state.devices !== null && scene.active !== largest(scene), used: true });
          continue;
        }
        const knob = scene.current.knobs.find((one) => one.path === view.path);
        if (knob === undefined || newest.changes[view.path] !== scene.state.changes[view.path]) continue;
        const base = (scene.baseline ?? scene.current).knobs.find((one) => one.path === view.path) ?? null;
        view.update({ knob, base, changed: view.path in scene.state.changes, used: isUsed(scene, view.path) });
      }
      for (const [group, note] of heads) {
        const paths = scene.current.knobs.filter((knob) => knob.group === group).map((knob) => knob.path);
        const changed = paths.filter((path) => path in scene.state.changes).length;
        const idle = paths.filter((path) => !isUsed(scene, path)).length;
        note.textContent = [changed > 0 ? `${changed} changed` : "", idle > 0 ? `${idle} not used` : ""].filter(Boolean).join(", ");
      }
    },
  };
}

export const isUsed = (scene: Scene, path: string): boolean => 
  (scene.current.prediction.inputs.find((input) => input.path === path)?.used ?? true) && !scene.current.prediction.unusedChoices.some((choice) => choice.path === path);

export const largest = (scene: Scene): number => scene.current.prediction.points.filter((point) => point.devices <= scene.current.total && (scene.state.devices !== point.devices || isScale(scene, point.devices))).at(-1)?.devices ?? scene.active;

const isScale = (scene: Scene, devices: number) => {
  const run = scene.current.prediction.scenario.run;
  const raw = run ? (scene.library.documents.run[run.id] as { scales?: unknown } | undefined) : undefined;
  return Array.isArray(raw?.scales) ? raw.scales.includes(devices) : devices === scene.current.total;
};

export function deviceKnob(scene: Scene): Knob {
  return {
    path: devicesPath, label: "GPUs", group: "Plan", kind: "published", value: scene.active, text: String(scene.active),
    control: { type: "number", min: 1, max: scene.current.total, log: true, dimension: "count" },
    help: `How many of the machine's ${scene.current.total.toLocaleString("en")} GPUs train. The batch of one GPU stays, so the global batch grows with it (weak scaling).`,
  };
}

export function createDeviceKnob(scene: Scene, setDevices: (devices: number) => void, place = "rail"): KnobView {
  const perNode = scene.current.prediction.scenario.devicesPerNode;
  const { total } = scene.current;
  const snap = (value: number) => Math.min(total, value < perNode * 1.5 ? Math.max(1, Math.round(value)) : Math.round(value / perNode) * perNode);
  const stops = scene.current.prediction.points.map((point) => point.devices);
  return createKnob(deviceKnob(scene), { snap, stops, log: true }, (_, value) => setDevices(Number(value)), place);
}

export interface DockActions {
  setDevices(devices: number): void;
  open(): void;
}

/** On a narrow page: the device count always in view, and the way to the other knobs. */
export function createDock(actions: DockActions): { element: HTMLElement; update(scene: Scene, newest: State): void } {
  const holder = h("div", { class: "dock-knob" });
  const button = h("button", { type: "button", class: "link", "aria-controls": "knobs", onclick: actions.open });
  const element = h("div", { class: "dock-body" }, button, holder);
  let view: KnobView | null = null;
  let built = "";
  return {
    element,
    update(scene, newest) {
      const key = JSON.stringify([scene.current.total, scene.current.prediction.scenario.devicesPerNode, scene.current.prediction.scenario.run?.id]);
      if (key !== built || view === null) {
        view = createDeviceKnob(scene, actions.setDevices, "dock");
        holder.replaceChildren(view.element);
        built = key;
      }
      if (newest.devices === scene.state.devices) view.update({ knob: deviceKnob(scene), base: null, changed: false, used: true });
      const changed = Object.keys(scene.state.changes).length;
      button.textContent = `${changed} of ${scene.current.knobs.length} changed · all knobs`;
    },
  };
}

function legend(): HTMLElement {
  const kinds: Kind[] = ["measured", "datasheet", "assumed", "published", "calibrated"];
  const predicted = s("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, diamond(6, 6, 4.2));
  const swatch = h("i", { class: "swatch-interval" });
  return h("section", { class: "rail-legend", "aria-label": "What a mark means" }, h("h2", { class: "group-head" }, "What a mark means"),
    h("ul", { class: "legend" }, ...kinds.map((kind) => h("li", {}, kindIcon(kind), ` ${kindNames[kind]}`)), h("li", {}, predicted, " predicted"), h("li", {}, swatch, " 95\u202f% interval")));
}
