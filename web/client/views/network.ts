/** The network view: what is asked on the left; on the right the map, the way between two ranks, the most used links and the kinds of links. */
import type { Ruler } from "../charts/kit.ts";
import { nodeOfRank } from "../data/network-map.ts";
import { rangeOf } from "../data/network-layout.ts";
import { h } from "../dom.ts";
import type { NetworkPicture } from "../network/protocol.ts";
import { readPlace, type NetworkState } from "../network/state.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { createNetworkControls } from "./network-controls.ts";
import { busiestPanel, classesPanel, mapPanel, routePanel, type Pick, type SourceOf } from "./network-panels.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";

export const networkPanelIds = ["map", "route", "busiest", "classes"] as const;
type PanelId = (typeof networkPanelIds)[number];

export interface NetworkActions extends PanelActions {
  set(change: Partial<NetworkState>): void;
}

export interface NetworkView {
  element: HTMLElement;
  panels: ReadonlyMap<string, Panel>;
  draw(state: NetworkState, picture: NetworkPicture | null): void;
  /** What a click on the map does next: keys a, b. */
  pick(mode: Pick): void;
}

export function createNetworkView(machines: Record<string, unknown>, sourceOf: SourceOf, ruler: Ruler, actions: NetworkActions): NetworkView {
  let mode: Pick = "open";
  let last: { state: NetworkState; picture: NetworkPicture | null } | null = null;
  const panels = new Map<PanelId, Panel>(networkPanelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const controls = createNetworkControls(machines, actions);
  const results = h("div", { class: "network-results" }, at("map"), h("div", { class: "pair" }, at("route"), h("div", {}, at("busiest"), at("classes"))));
  const element = h("div", { class: "network" }, controls.element, results);
  walkMarks(element, "data-x", act);
  element.addEventListener("click", (event) => {
    const mark = (event.target as Element).closest<SVGElement>(".mark");
    if (mark) act(mark);
  });
  const view: NetworkView = {
    element,
    panels,
    draw(state, picture) {
      last = { state, picture };
      controls.draw(state, picture);
      results.hidden = picture === null;
      if (picture === null) return;
      const widths = new Map([...panels].map(([id, panel]) => [id, Math.max(280, panel.width())]));
      const show = (id: PanelId, make: (width: number) => PanelContent) => panels.get(id)?.update(make(widths.get(id) ?? 280), state.tables.includes(id));
      show("map", (width) => mapPanel(picture, mode, width, ruler, { set: actions.set, pick: view.pick }));
      show("route", (width) => routePanel(picture, width, ruler));
      show("busiest", () => busiestPanel(picture));
      show("classes", () => classesPanel(picture, sourceOf));
      for (const panel of panels.values()) (panel.element.querySelector(".mark:focus") ?? panel.element.querySelector(".mark"))?.setAttribute("tabindex", "0");
    },
    pick(next) {
      mode = next;
      if (last) view.draw(last.state, last.picture);
    },
  };
  return view;

  function act(mark: Element): boolean {
    const picture = last?.picture;
    if (!picture) return false;
    const rank = mark.getAttribute("data-rank");
    if (rank !== null && mode !== "open") return choose(Number(rank));
    const place = readPlace(mark.getAttribute("data-place") ?? "");
    if (place === null) return false;
    if (mode === "open") {
      actions.set({ at: place });
      return true;
    }
    const [first, end] = rangeOf(picture.levels, picture.machine.nodes, place);
    const index = picture.jobNodes.findIndex((node) => node >= first && node < end);
    return index >= 0 && choose(index * picture.machine.devicesPerNode);
  }

  function choose(rank: number): boolean {
    actions.set(mode === "from" ? { from: rank } : { to: rank });
    mode = mode === "from" ? "to" : "open";
    return true;
  }
}

/** The node of a rank, for the key that opens it. */
export const nodePlace = (picture: NetworkPicture, rank: number) => ({ depth: picture.levels.length, index: nodeOfRank(picture, rank) });
