/** The import page: files that are dropped or chosen go to a worker and come back as what they are; nothing is kept before the user says so. */
import { version } from "../../../package.json";
import type { ImportsAnswer } from "../../shared/import-api.ts";
import { createAddressWriter } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { plural } from "../data/import-words.ts";
import { toCsv } from "../data/table.ts";
import { h } from "../dom.ts";
import { listenToKeys } from "../keys.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { createImportView, importPanelIds, type ImportedFile } from "../views/import.ts";
import { createAppBar } from "../widgets/app-bar.ts";
import { openDialog } from "../widgets/dialogs.ts";
import { saveBlob, saveFile, svgFile } from "../widgets/export.ts";
import { createMenu } from "../widgets/menu.ts";
import { problemNote } from "../widgets/problems.ts";
import { createTooltip } from "../widgets/tooltip.ts";
import type { ImportAnswer, ImportRequest } from "./protocol.ts";
import { askServer, saveToStore } from "./server.ts";
import { decodeImportState, encodeImportState, type ImportState } from "./state.ts";

const started = decodeImportState(location.search);
let state = started.state;
applyTheme(state.theme);
let files: ImportedFile[] = [];
let chosen: number | null = null;
let series = 0;
let label = "";
let server: ImportsAnswer | null = null;
let newest = 0;

const title = h("h1", {}, "Import");
const subtitle = h("p", { class: "subtitle" }, "Logs, tables, traces and models that you have already become measurements, machines and workloads.");
const menu = createMenu("Take away", () => [["Rows as JSON", "", download], ...importPanelIds.map((id) => [`${id.charAt(0).toUpperCase()}${id.slice(1)} as CSV`, "", () => saveCsv(id)] as const)]);
const header = h("header", { class: "scenario-bar" }, h("div", { class: "scenario-words" }, title, subtitle), h("div", { class: "scenario-side" }, menu));
const tooltip = createTooltip();
const notices = h("div", { class: "notices" });
const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
const status = h("footer", { class: "status-bar" });
const main = h("main", { id: "main", tabindex: -1 });
const input = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "files", onchange: () => {
  add([...(input.files ?? [])]);
  input.value = "";
} });
const keys: ReadonlyArray<readonly [string, string]> = [["o", "choose files"], ["[ and ]", "file before, next file"], ["Left, Right, Home, End", "in a chart: walk the points"], ["t", "tables instead of charts; in a panel, of that panel"], ["e", "save the picture as SVG; Shift E as CSV"], ["Shift D", "light, dark, as the system"], ["?", "this list"], ["Esc", "close what is open"]];
const openKeys = () => void openDialog("Keys", "keys", h("dl", { class: "key-list" }, ...keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])));
const toggleTheme = () => set({ theme: nextTheme[state.theme] });
const view = createImportView(createRuler(), {
  toggleTable, saveSvg, saveCsv, open: () => input.click(), choose, remove, save: () => void save(), download,
  drawSeries: (next) => {
    series = next;
    draw();
  },
  setLabel: (next) => {
    label = next;
    draw();
  },
});

main.append(view.element);
document.body.prepend(h("a", { class: "skip", href: "#main" }, "Skip to the files"), createAppBar("import", null, { keys: openKeys, theme: toggleTheme }), header, h("div", { class: "content calibrate-content" }, notices, main), status, live, tooltip.element, input);
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
worker.addEventListener("message", ({ data }: MessageEvent<ImportAnswer>) => take(data));
worker.addEventListener("error", (event) => {
  for (const file of files) if (!file.report && !file.refused) file.refused = { code: "fault", path: file.file.name, got: event.message || "a stop of the worker", expected: "an answer", hint: "load the page again" };
  draw();
});
void askServer().then((answer) => {
  server = answer;
  draw();
});
listenToDrops();
new ResizeObserver(() => draw()).observe(main);
void document.fonts.ready.then(draw);
draw();

function add(dropped: readonly File[]): void {
  for (const file of dropped) {
    const id = ++newest;
    files = [...files, { id, file, share: 0, report: null, refused: null, saved: "no" }];
    worker.postMessage({ type: "read", id, file } satisfies ImportRequest);
  }
  draw();
}

function take(answer: ImportAnswer): void {
  const file = files.find(({ id }) => id === answer.id);
  if (!file) return;
  if (answer.type === "all") return saveBlob(`${file.file.name}.rows.json`, answer.json);
  if (answer.type === "progress") file.share = answer.share;
  else if (answer.type === "report") file.report = answer.report;
  else file.refused = answer.problem;
  if (answer.type !== "progress" && chosen === null) chosen = file.id;
  draw();
  if (!isReading()) live.textContent = title.textContent;
}

function isReading(): boolean {
  return files.some(({ report, refused }) => report === null && refused === null);
}

function draw(): void {
  view.draw({ files, chosen, series, tables: state.tables, server, label });
  tooltip.refresh();
  const report = files.find(({ id }) => id === chosen)?.report;
  const read = files.filter((file) => file.report !== null);
  const refused = files.filter((file) => file.refused !== null).length;
  title.textContent = files.length === 0 ? "Import" : isReading() ? `Reading ${plural(files.length - read.length - refused, "file")}` : `${plural(read.length, "file")} read${refused > 0 ? `, ${plural(refused, "file")} refused` : ""}`;
  notices.replaceChildren(...(started.problems.length > 0 ? [problemNote(started.problems, false, null)] : []));
  document.title = `${report?.name ?? "Import"} · exatwin`;
  document.documentElement.dataset["busy"] = isReading() ? "yes" : "no";
  const key = (name: string, what: string) => h("span", {}, h("b", {}, name), ` ${what}`);
  status.replaceChildren(h("span", {}, h("b", {}, "import"), ` ${report?.name ?? ""}`), h("span", {}, report?.sha256 ? h("code", {}, `sha256 ${report.sha256.slice(0, 7)}`) : "", ` exatwin ${version}`), h("span", { class: "status-keys" }, key("o", "files"), key("[ ]", "file"), key("← →", "point"), key("t", "table"), key("e", "export"), key("?", "keys")));
}

function choose(id: number): void {
  chosen = id;
  series = 0;
  draw();
}

function remove(id: number): void {
  const at = files.findIndex((file) => file.id === id);
  files = files.filter((file) => file.id !== id);
  if (chosen === id) choose((files[at] ?? files.at(-1))?.id ?? 0);
  else draw();
}

function stepFile(by: 1 | -1): void {
  const next = files[files.findIndex(({ id }) => id === chosen) + by];
  if (next) choose(next.id);
}

/** One after the other: one process writes to a store at a time. */
async function save(): Promise<void> {
  for (const file of files) {
    if (file.report === null || file.saved === "saving" || (typeof file.saved === "object" && "stored" in file.saved)) continue;
    if (server !== null && file.file.size > server.most_bytes) continue;
    file.saved = "saving";
    draw();
    file.saved = await saveToStore(file.file, label);
    draw();
  }
  live.textContent = "Saved";
}

/** Every row of the chosen file, read once more so that the page need not hold them. */
function download(): void {
  const file = files.find(({ id }) => id === chosen);
  if (file?.report) worker.postMessage({ type: "all", id: file.id, file: file.file } satisfies ImportRequest);
}

const writeAddress = createAddressWriter((query) => history.replaceState(null, "", `${location.pathname}?${query}`), { now_ms: () => performance.now(), later: (act, delay_ms) => void setTimeout(act, delay_ms) });

function set(change: Partial<ImportState>): void {
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeImportState(state));
  draw();
}

const focusedPanel = (): string | null => document.activeElement?.closest(".panel")?.id ?? null;

function toggleTable(id: string | null): void {
  const { tables } = state;
  const next = id === null ? (tables.length > 0 ? [] : ["about", "picture"]) : tables.includes(id) ? tables.filter((one) => one !== id) : [...tables, id];
  set({ tables: next.toSorted() });
}

function about(): string[] {
  const report = files.find(({ id }) => id === chosen)?.report;
  return [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${report?.name ?? ""}${report?.sha256 ? `, sha256 ${report.sha256}` : ""}, read as ${report?.reader ?? ""}`];
}

const nameOf = (id: string) => `exatwin-import-${id}`;

function saveSvg(id: string): void {
  const panel = view.panels.get(id);
  const chart = panel?.svg();
  if (panel?.content && chart) saveFile(`${nameOf(id)}.svg`, "image/svg+xml", svgFile(chart, { title: panel.content.title, subtitle: document.title, foot: about() }));
}

function saveCsv(id: string): void {
  const table = view.panels.get(id)?.content?.table;
  if (table) saveFile(`${nameOf(id)}.csv`, "text/csv", toCsv(table, about()));
}

function listenToDrops(): void {
  const root = document.documentElement;
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) root.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    add(dropped);
  });
}

listenToKeys({
  "?": openKeys, D: toggleTheme, o: () => input.click(), t: () => toggleTable(focusedPanel()), "[": () => stepFile(-1), "]": () => stepFile(1), e: () => saveSvg("picture"), E: () => saveCsv(focusedPanel() ?? "rows"),
});
