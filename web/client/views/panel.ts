/** A panel: a finding as its title, a subtitle, the chart or its table twin, and the tools that take it away. */
import { h, replaceKeepingFocus, type Tip, tipAttribute } from "../dom.ts";
import { tableTwin } from "../widgets/table-twin.ts";
import type { Table } from "../data/table.ts";

export interface PanelContent {
  title: string;
  subtitle: ReadonlyArray<string | Node>;
  /** Controls beside the title, such as a switch of the measure. */
  controls?: Node | null;
  chart: Element;
  table: Table;
  after?: Node | null;
}

export interface PanelActions {
  toggleTable(id: string): void;
  saveSvg(id: string): void;
  saveCsv(id: string): void;
}

export interface Panel {
  id: string;
  element: HTMLElement;
  content: PanelContent | null;
  svg(): SVGSVGElement | null;
  update(content: PanelContent, asTable: boolean): void;
  width(): number;
}

export function createPanel(id: string, actions: PanelActions): Panel {
  const title = h("h2", { class: "panel-title", id: `${id}-title` });
  const subtitle = h("p", { class: "panel-subtitle" });
  const controls = h("div", { class: "panel-controls" });
  const body = h("div", { class: "panel-body" });
  const tool = (name: string, help: string, act: () => void) => h("button", { type: "button", class: "tool", "data-tip": tipAttribute({ head: name, text: help } satisfies Tip), "aria-label": `${name}: ${help}`, onclick: act }, name);
  const table = tool("Table", "the same numbers as a table (t)", () => actions.toggleTable(id));
  const svg = tool("SVG", "this chart as a picture with its sources (e)", () => actions.saveSvg(id));
  const csv = tool("CSV", "the numbers drawn here (Shift E)", () => actions.saveCsv(id));
  const tools = h("div", { class: "panel-tools" }, table, svg, csv);
  const element = h("section", { class: "panel", id, "aria-labelledby": `${id}-title` }, h("div", { class: "panel-head" }, h("div", { class: "panel-words" }, title, subtitle), controls), body, tools);
  const panel: Panel = {
    id, element, content: null,
    svg: () => (panel.content?.chart instanceof SVGSVGElement ? panel.content.chart : null),
    width: () => body.clientWidth,
    update(content, asTable) {
      panel.content = content;
      if (title.textContent !== content.title) title.textContent = content.title;
      subtitle.replaceChildren(...content.subtitle);
      if (content.controls) replaceKeepingFocus(controls, content.controls);
      controls.hidden = !content.controls;
      svg.hidden = !(content.chart instanceof SVGSVGElement);
      table.setAttribute("aria-pressed", String(asTable));
      replaceKeepingFocus(body, asTable ? tableTwin(content.table) : content.chart, asTable ? null : (content.after ?? null));
    },
  };
  return panel;
}

export function segments<T extends string>(label: string, options: ReadonlyArray<readonly [T, string]>, value: T, choose: (value: T) => void): HTMLElement {
  return h("div", { class: "segments", role: "group", "aria-label": label }, ...options.map(([key, name]) => h("button", { type: "button", class: "segment", "data-key": `${label}:${key}`, "aria-pressed": String(key === value), onclick: () => choose(key) }, name)));
}
