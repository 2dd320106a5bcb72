/** The import view: on the left where files are dropped and what each was recognised as, on the right what the chosen one holds. */
import type { Ruler } from "../charts/kit.ts";
import { marksSaid, plural } from "../data/import-words.ts";
import { showSi } from "../data/si.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import { count } from "../format.ts";
import type { ImportAnswer, ImportsAnswer } from "../../shared/import-api.ts";
import { labelPattern } from "../../shared/import-label.ts";
import type { ImportReport } from "../import/protocol.ts";
import type { Problem } from "../../../model/problems.ts";
import { problemNote } from "../widgets/problems.ts";
import { walkMarks } from "../widgets/walk-marks.ts";
import { aboutPanel, picturePanel, problemsPanel, rowsPanel } from "./import-panels.ts";
import { createPanel, type Panel, type PanelActions, type PanelContent } from "./panel.ts";

export interface ImportedFile {
  readonly id: number;
  readonly file: File;
  /** Of the file read so far. */
  share: number;
  report: ImportReport | null;
  refused: Problem | null;
  saved: "no" | "saving" | ImportAnswer | readonly Problem[];
}

export interface ImportScene {
  files: readonly ImportedFile[];
  chosen: number | null;
  /** Of the chosen file's picture. */
  series: number;
  tables: readonly string[];
  /** Null until the server has answered. */
  server: ImportsAnswer | null;
  label: string;
}

export interface ImportActions extends PanelActions {
  open(): void;
  choose(id: number): void;
  remove(id: number): void;
  drawSeries(series: number): void;
  setLabel(label: string): void;
  save(): void;
  download(): void;
}

export const importPanelIds = ["about", "picture", "rows", "problems"] as const;
type PanelId = (typeof importPanelIds)[number];

export function createImportView(ruler: Ruler, actions: ImportActions): { element: HTMLElement; panels: ReadonlyMap<string, Panel>; draw(scene: ImportScene): void } {
  const panels = new Map<PanelId, Panel>(importPanelIds.map((id) => [id, createPanel(id, actions)]));
  const at = (id: PanelId): HTMLElement => (panels.get(id) as Panel).element;
  const drop = h("div", { class: "drop", id: "drop" }, h("p", {}, h("strong", {}, "Drop files here"), " or anywhere on this page."), h("button", { type: "button", class: "button", onclick: actions.open }, "Choose files"),
    h("p", { class: "note" }, "Logs, tables, traces and models of some forty tools, gzip too, of any size. They are read on this page and stay on your machine."));
  const list = h("section", { class: "panel", id: "files", "aria-labelledby": "files-title" });
  const keep = h("section", { class: "panel", id: "keep", "aria-label": "Keep what was read" });
  const refusal = h("section", { class: "panel", id: "refusal" });
  const element = h("div", { class: "calibrate import" }, h("div", { class: "choose" }, drop, list, keep), h("div", { class: "chosen-curve" }, refusal, at("about"), at("picture"), at("rows"), at("problems")));
  walkMarks(element, "data-x", () => false);

  return {
    element, panels,
    draw(scene) {
      const { files, series, tables } = scene;
      const chosen = files.find(({ id }) => id === scene.chosen);
      const report = chosen?.report ?? null;
      list.hidden = files.length === 0;
      keep.hidden = !files.some((file) => file.report !== null);
      replaceKeepingFocus(list, ...filesList(scene, actions));
      replaceKeepingFocus(keep, ...keepForm(scene, actions));
      refusal.hidden = !chosen?.refused;
      refusal.replaceChildren(...(chosen?.refused ? [h("h2", { class: "panel-title" }, `${chosen.file.name} is not read`), problemNote([chosen.refused], false, null)] : []));
      const hidden: Record<PanelId, boolean> = { about: report === null, picture: !report?.picture, rows: report === null, problems: report === null };
      for (const [id, panel] of panels) panel.element.hidden = hidden[id];
      const show = (id: PanelId, make: (width: number) => PanelContent) => {
        const panel = panels.get(id);
        if (panel && !hidden[id]) panel.update(make(Math.max(280, panel.width())), tables.includes(id));
      };
      if (report === null) return;
      show("about", () => aboutPanel(report));
      const { picture } = report;
      if (picture) show("picture", (width) => picturePanel(picture, series, width, ruler, { choose: actions.drawSeries }));
      show("rows", () => rowsPanel(report));
      show("problems", () => problemsPanel(report));
      for (const panel of panels.values()) (panel.element.querySelector(".mark:focus") ?? panel.element.querySelector(".mark"))?.setAttribute("tabindex", "0");
    },
  };
}

function filesList({ files, chosen }: ImportScene, { choose, remove }: ImportActions): HTMLElement[] {
  const read = files.filter(({ report }) => report !== null);
  const refused = files.filter((one) => one.refused !== null).length;
  const rows = read.reduce((sum, { report }) => sum + (report?.rows ?? 0), 0);
  return [
    h("h2", { class: "panel-title", id: "files-title" }, `${plural(read.length, "file")} of known tools, ${plural(rows, "row")}${refused > 0 ? `, ${count(refused)} refused` : ""}`),
    h("table", { class: "data choice import-files" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "File, what it is"), h("th", { scope: "col", class: "number" }, "rows"), h("th", { scope: "col", class: "number" }, "problems"), h("th", {}))),
      h("tbody", {}, ...files.map((one) => h("tr", { class: one.id === chosen ? "chosen" : "", "data-file": one.file.name },
        h("td", {}, h("button", { type: "button", class: "plain row-link", "data-key": `file:${one.id}`, "aria-pressed": String(one.id === chosen), onclick: () => choose(one.id) }, one.file.name), h("span", { class: "why" }, whatItIs(one))),
        h("td", { class: "number" }, one.report ? count(one.report.rows) : "–"), h("td", { class: `number ${one.report && one.report.problems.length > 0 ? "bad-words" : ""}` }, one.report ? count(one.report.problems.length) : "–"),
        h("td", { class: "number" }, h("button", { type: "button", class: "link", "data-key": `remove:${one.id}`, "aria-label": `take ${one.file.name} off the list`, onclick: () => remove(one.id) }, "×"))))))];
}

function whatItIs({ report, refused, share, saved }: ImportedFile): string {
  if (refused) return `not read: ${refused.got}`;
  if (!report) return share > 0 ? `reading, ${Math.round(100 * share)}\u202f%` : "waiting";
  const marked = report.marked > 0 ? `, ${marksSaid(report.marks)}` : "";
  const kept = saved === "no" ? "" : saved === "saving" ? ", being saved" : "stored" in saved ? (saved.stored === "known" ? ", was in the store already" : ", saved") : ", not saved";
  return `${report.title.split(":")[0] ?? ""}${marked}${kept}`;
}

function keepForm({ files, server, label }: ImportScene, actions: ImportActions): HTMLElement[] {
  const read = files.filter(({ report }) => report !== null);
  const tooLarge = server === null ? [] : read.filter(({ file }) => file.size > server.most_bytes);
  const open = read.filter(({ saved }) => saved === "no" || Array.isArray(saved)).length;
  const saving = read.some(({ saved }) => saved === "saving");
  const wrong = label !== "" && !labelPattern.test(label);
  const problems = read.flatMap(({ saved }) => (Array.isArray(saved) ? (saved as readonly Problem[]) : []));
  const field = h("input", { class: "field", id: "import-label", "data-key": "label", value: label, placeholder: "my-cluster", autocomplete: "off", ...(wrong ? { "aria-invalid": "true" } : {}), onchange: () => actions.setLabel(field.value.trim()) });
  const download = h("button", { type: "button", class: "button", "data-key": "download", onclick: actions.download }, "Save as JSON");
  const form = !server?.allowed ? h("p", { class: "state-note" }, server === null ? "The server has not answered yet." : `Rows can be saved as a file here${server.reason === null ? "" : `: ${server.reason}`}.`) : h("div", {},
    h("div", { class: "measure-form" }, h("label", { for: "import-label" }, "Machine", field), h("button", { type: "button", class: "button strong", "data-key": "save", disabled: open === 0 || saving || wrong, onclick: actions.save }, saving ? "Saving" : open === 0 ? "All saved" : `Save ${open} to ${server.store ?? "the store"}`)),
    wrong ? h("p", { class: "knob-problem" }, "A name of lower-case letters, digits, dots and dashes, such as my-cluster.") : null,
    tooLarge.length > 0 ? h("p", { class: "note" }, `${tooLarge.map(({ file }) => file.name).join(", ")}: larger than the ${showSi(server.most_bytes, "B")} that this server takes; exatwin import FILE takes any size.`) : null);
  return [h("h2", { class: "panel-title" }, "Nothing is saved until you say so"), form, h("div", { class: "measure-form" }, download), ...(problems.length > 0 ? [problemNote(problems, false, null)] : [])];
}
