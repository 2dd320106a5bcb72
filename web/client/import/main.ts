/** The import page: files that are dropped or chosen go to a worker and come back as what they are; nothing is kept before the user says so. */
import { version } from "../../../package.json";
import type { ImportsAnswer } from "../../shared/import-api.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { plural } from "../data/import-words.ts";
import { h } from "../dom.ts";
import { listenToDrops } from "../drops.ts";
import { listenToKeys } from "../keys.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { createImportView, importPanelIds, type ImportedFile } from "../views/import.ts";
import { saveBlob } from "../widgets/export.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { csvItems, focusedPanel, savePanelCsv, savePanelSvg, switchTables } from "../widgets/panel-tools.ts";
import { problemNote } from "../widgets/problems.ts";
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

const input = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "files", onchange: () => {
  add([...(input.files ?? [])]);
  input.value = "";
} });
const frame = createPageFrame({
  view: "import", heading: "Import", subtitle: "Logs, tables, traces and models that you have already become measurements, machines and workloads.", content: "calibrate-content", skip: "Skip to the files",
  keys: [
    ["o", "choose files"],
    ["[ and ]", "file before, next file"],
    ["Left, Right, Home, End", "in a chart: walk the points"],
    ["t", "tables instead of charts; in a panel, of that panel"],
    ["e", "save the picture as SVG; Shift E as CSV"],
    ["Shift D", "light, dark, as the system"],
    ["?", "this list"],
    ["Esc", "close what is open"],
  ],
  theme: () => set({ theme: nextTheme[state.theme] }),
  takeAway: () => [["Rows as JSON", "", download], ...csvItems(importPanelIds, saveCsv)],
  last: [input],
});
const { title, notices, main, status, live, tooltip } = frame;
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
listenToDrops(add);
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
  status.replaceChildren(h("span", {}, h("b", {}, "import"), ` ${report?.name ?? ""}`), h("span", {}, report?.sha256 ? h("code", {}, `sha256 ${report.sha256.slice(0, 7)}`) : "", ` exatwin ${version}`), keyHints(["o", "files"], ["[ ]", "file"], ["← →", "point"], ["t", "table"], ["e", "export"], ["?", "keys"]));
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

const writeAddress = keepAddress();

function set(change: Partial<ImportState>): void {
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeImportState(state));
  draw();
}

function about(): string[] {
  const report = files.find(({ id }) => id === chosen)?.report;
  return [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${report?.name ?? ""}${report?.sha256 ? `, sha256 ${report.sha256}` : ""}, read as ${report?.reader ?? ""}`];
}

const nameOf = (id: string) => `exatwin-import-${id}`;

function toggleTable(id: string | null): void {
  set({ tables: switchTables(state.tables, id, ["about", "picture"]) });
}

function saveSvg(id: string): void {
  savePanelSvg(view.panels.get(id), nameOf(id), document.title, about());
}

function saveCsv(id: string): void {
  savePanelCsv(view.panels.get(id), nameOf(id), about());
}

listenToKeys({
  "?": frame.openKeys, D: () => set({ theme: nextTheme[state.theme] }), o: () => input.click(), t: () => toggleTable(focusedPanel()), "[": () => stepFile(-1), "]": () => stepFile(1), e: () => saveSvg("picture"), E: () => saveCsv(focusedPanel() ?? "rows"),
});
