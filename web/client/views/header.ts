/** The scenario bar: what is predicted, on what it rests, and what was changed. */
import { upperPrecision, count } from "../format.ts";
import { kindIcon } from "../charts/marks.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import type { Scene } from "../data/scene.ts";
import { valueText } from "../widgets/knob.ts";

export interface HeaderActions {
  pick(): void;
  openInputs(kind: "assumed" | null): void;
  takeBack(path: string): void;
  takeAllBack(): void;
  takeAway: HTMLElement;
}

export function titleOf(scene: Scene): string {
  const { scenario } = scene.current.prediction;
  return scenario.run?.title ?? `${scenario.workload.title} on ${scenario.machine.title}, ${upperPrecision(scenario.precision)}`;
}

export function subtitleOf(scene: Scene): string {
  const { scenario } = scene.current.prediction;
  const point = scene.current.prediction.points.find((one) => one.devices === scene.active);
  const nodes = point?.nodes ?? Math.ceil(scene.active / scenario.devicesPerNode);
  const batch = scenario.samplesPerDevice;
  return [`${count(scene.active)} × ${scenario.device.title} on ${count(nodes)} ${nodes === 1 ? "node" : "nodes"}`, `${count(batch)} ${batch === 1 ? "sample" : "samples"} per GPU, weak scaling`, scenario.stack.title].join(" · ");
}

export function createHeader(actions: HeaderActions): { element: HTMLElement; update(scene: Scene): void; message(title: string, text: string): void } {
  const title = h("button", { type: "button", class: "title plain", "aria-haspopup": "dialog", onclick: actions.pick });
  const heading = h("h1", {}, title);
  const subtitle = h("p", { class: "subtitle" });
  const changes = h("div", { class: "changes", role: "group", "aria-label": "What if" });
  const element = h("header", { class: "scenario-bar" }, h("div", { class: "scenario-words" }, heading, subtitle), h("div", { class: "scenario-side" }, changes, actions.takeAway));
  return {
    element,
    message(name, text) {
      title.replaceChildren(name, h("span", { class: "caret", "aria-hidden": "true" }, "▾"));
      subtitle.textContent = text;
    },
    update(scene) {
      title.replaceChildren(titleOf(scene), h("span", { class: "caret", "aria-hidden": "true" }, "▾"));
      const { inputs, assumed } = scene.current.prediction;
      replaceKeepingFocus(subtitle, `${subtitleOf(scene)} · `, h("button", { type: "button", class: "link", "data-key": "facts", onclick: () => actions.openInputs(null) }, `${inputs.length} facts`), ", ",
        h("button", { type: "button", class: "link assumed", "data-key": "assumed", onclick: () => actions.openInputs("assumed") }, kindIcon("assumed"), ` ${assumed} assumed`));
      const paths = Object.keys(scene.state.changes);
      const chips = paths.map((path) => chip(scene, path, actions.takeBack));
      replaceKeepingFocus(changes, ...(paths.length === 0 ? [h("span", { class: "what-if" }, "As run. Turn a knob to ask what if.")] : [h("span", { class: "what-if" }, "What if"), ...chips]), paths.length > 1 ? h("button", { type: "button", class: "link", "data-key": "all-back", onclick: actions.takeAllBack }, "all back") : null);
    },
  };
}

/** A change that can be taken back: its button, or Backspace on it. */
function chip(scene: Scene, path: string, takeBack: (path: string) => void): HTMLElement {
  const knob = scene.current.knobs.find((one) => one.path === path);
  const before = scene.baseline?.knobs.find((one) => one.path === path);
  const name = knob ? (/^[A-Z][a-z]/.test(knob.label) ? knob.label.charAt(0).toLowerCase() + knob.label.slice(1) : knob.label) : path;
  const now = knob ? valueText(knob) : String(scene.state.changes[path]);
  const button = h("button", { type: "button", class: "chip", "data-key": `chip:${path}`, "data-path": path, "aria-label": `${name} ${before ? `from ${valueText(before)} ` : ""}to ${now}: take back`, onclick: () => takeBack(path) }, `${name} `, before ? h("span", { class: "old" }, `${valueText(before)} `) : null, `→ ${now}`, h("span", { class: "chip-x", "aria-hidden": "true" }, "×"));
  button.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" || event.key === "Delete") takeBack(path);
  });
  return button;
}
