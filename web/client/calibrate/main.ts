/** The calibration page: reads the address, fetches what it names, and joins state, view, measurement and keys. */
import { version } from "../../../package.json";
import { unknownName, type Problem } from "../../../model/problems.ts";
import type { HostCalibration, OperationsCalibration } from "../../../model/schema/calibration.ts";
import type { CalibrationHead } from "../../shared/calibration-api.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { hostWords, quietShare, rowsOf, showDate, showQuiet } from "../data/calibration-facts.ts";
import { curveTable } from "../data/fit-data.ts";
import { hostFinding, operationsFinding } from "../data/fit-findings.ts";
import { toCsv } from "../data/table.ts";
import { h } from "../dom.ts";
import { count } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { chosenFit, createCalibrateView, panelIds, type CalibrateScene } from "../views/calibrate.ts";
import { createMeasureView } from "../views/measure.ts";
import { saveFile } from "../widgets/export.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { csvItems, focusedPanel, savePanelCsv, savePanelSvg, switchTables } from "../widgets/panel-tools.ts";
import { problemNote } from "../widgets/problems.ts";
import { listCalibrations, readHost } from "./library.ts";
import { decodeCalibrateState, encodeCalibrateState, type CalibrateState } from "./state.ts";

const started = decodeCalibrateState(location.search);
let state = started.state;
applyTheme(state.theme);
let heads: readonly CalibrationHead[] = [];
let scene: CalibrateScene | null = null;
let turn = 0;
const documents = new Map<string, Promise<HostCalibration | OperationsCalibration | null>>();
let faults: Problem[] = [];

const frame = createPageFrame({
  view: "calibrate", heading: "Calibration", subtitle: "Reading the calibrations.", content: "calibrate-content", skip: "Skip to the charts",
  keys: [
    ["Left, Right, Home, End", "in a chart: walk the points"],
    ["Up, Down", "in a chart: the other calibration"],
    ["[ and ]", "curve before, next curve"],
    ["l, Shift L", "y, x axis: log or linear"],
    ["t", "tables instead of charts; in a panel, of that panel"],
    ["e", "save the chart in focus (or the fit) as SVG; Shift E as CSV"],
    ["Shift D", "light, dark, as the system"],
    ["?", "this list"],
    ["Esc", "close what is open"],
  ],
  theme: () => set({ theme: nextTheme[state.theme] }),
  takeAway: () => [
    ["Copy link", "", () => frame.copy(location.href, "The link")],
    ["Calibration as JSON", "", () => scene && saveFile(`${(scene.host ?? scene.operations[0])?.id ?? "calibration"}.json`, "application/json", `${JSON.stringify(scene.host ?? scene.operations[0], null, 2)}\n`)],
    ["Fitted curve as CSV", "", saveCurve],
    ...csvItems(panelIds, saveCsv),
  ],
});
const { title, subtitle, notices, main, status, live, tooltip } = frame;
const measure = createMeasureView({ finished: (made) => void reload(made.find((id) => id.endsWith("-host")) ?? made[0] ?? null), say: (text) => (live.textContent = text) });
const view = createCalibrateView(createRuler(), measure.element, { set, toggleTable, saveSvg, saveCsv });

main.append(view.element);
measure.start();
void reload(null);
window.addEventListener("popstate", () => {
  state = decodeCalibrateState(location.search).state;
  applyTheme(state.theme);
  void load();
});
new ResizeObserver(() => redraw()).observe(main);
void document.fonts.ready.then(redraw);

/** Reads the list again; a calibration that was just made is shown. */
async function reload(made: string | null): Promise<void> {
  documents.clear();
  const { value, problems } = await listCalibrations();
  heads = value?.calibrations ?? [];
  faults = [...(problems ?? []), ...(value?.problems ?? [])];
  if (made !== null) set({ calibration: made, fit: null });
  else await load();
}

function fetchDocument(id: string): Promise<HostCalibration | OperationsCalibration | null> {
  const known = documents.get(id);
  if (known) return known;
  if (heads.length > 0 && !heads.some((head) => head.id === id)) {
    faults = [...faults.filter(({ code }) => code !== "unknown-name"), unknownName("address", "calibration", id, heads.filter(({ kind }) => kind === "host" || kind === "operations").map((head) => head.id))];
    return Promise.resolve(null);
  }
  const asked = readHost(id).then(({ value, problems }) => {
    if (problems) faults = [...faults, ...problems];
    return value ?? null;
  });
  documents.set(id, asked);
  return asked;
}

async function load(): Promise<void> {
  const own = ++turn;
  document.documentElement.dataset["busy"] = "yes";
  const shown = state.calibration ?? (heads.find(({ kind }) => kind === "host") ?? heads.find(({ kind }) => kind === "operations"))?.id ?? null;
  const head = heads.find(({ id }) => id === shown);
  const beside = head?.kind === "host" ? heads.filter(({ kind, date }) => kind === "operations" && date === head.date) : [];
  const [first, other, ...tables] = await Promise.all([shown === null ? null : fetchDocument(shown), state.other === null ? null : fetchDocument(state.other), ...beside.map(({ id }) => fetchDocument(id))]);
  if (own !== turn) return;
  const isHost = (one: HostCalibration | OperationsCalibration | null): one is HostCalibration => one?.scope.kind === "host";
  const isTable = (one: HostCalibration | OperationsCalibration | null): one is OperationsCalibration => one?.scope.kind === "operations";
  scene = { state, heads, host: isHost(first) ? first : null, other: isHost(other) ? other : null, operations: [first, ...tables].filter(isTable) };
  draw(scene);
  document.documentElement.dataset["busy"] = "no";
}

function redraw(): void {
  if (scene) draw({ ...scene, state });
}

function draw(shown: CalibrateScene): void {
  scene = shown;
  const { host, operations, other } = shown;
  const [table] = operations;
  const made = host ?? table;
  title.textContent = host ? hostFinding(host) : table ? operationsFinding(table) : heads.length > 0 ? "Nothing of a machine to show" : "Calibration";
  const quiet = host && quietShare(host);
  subtitle.replaceChildren(...(made ? [`${host?.scope.machine ?? table?.scope.device ?? ""} · ${hostWords(made)} · ${showDate(made.date)} · ${count(rowsOf(made))} rows · `, quiet === null ? "" : h("span", { class: quiet < 0.5 ? "assumed-words" : "" }, `${showQuiet(quiet)} quiet${quiet < 0.5 ? ": figures may be too slow" : ""}`), other ? ` · beside ${other.scope.machine}, ${showDate(other.date)}` : ""] : ["What was measured on machines, and how well curves fit it."]));
  view.draw(shown);
  tooltip.refresh();
  notices.replaceChildren(...([...started.problems, ...faults].length > 0 ? [problemNote([...started.problems, ...faults], made !== undefined, null)] : []));
  document.title = `${made?.title ?? "Calibrations"} · exatwin`;
  status.replaceChildren(h("span", {}, h("b", {}, "calibrate"), ` ${made?.id ?? ""}`), h("span", {}, made ? h("code", {}, `sha256 ${made.from.map(({ sha256 }) => sha256.slice(0, 7)).join(", ")}`) : "", ` exatwin ${version}`), keyHints(["[ ]", "curve"], ["l", "log or linear"], ["← →", "point"], ["t", "table"], ["e", "export"], ["?", "keys"]));
}

const writeAddress = keepAddress();

function set(change: Partial<CalibrateState>): void {
  const before = state;
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeCalibrateState(state));
  if (before.calibration !== state.calibration || before.other !== state.other || scene === null) void load();
  else redraw();
}

function stepCurve(by: 1 | -1): void {
  const fits = scene?.host?.fits ?? [];
  const at = fits.findIndex((fit) => scene !== null && fit === chosenFit(scene));
  const next = fits[at + by];
  if (next) set({ fit: next.id });
}

function about(): string[] {
  const made = scene?.host ?? scene?.operations[0];
  const other = scene?.other;
  return [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: calibration ${made?.id ?? ""} of ${made?.date ?? ""}${other ? ` beside ${other.id} of ${other.date}` : ""}`, ...(made?.from ?? []).map(({ file, sha256 }) => `Measured: ${file}, sha256 ${sha256}`), ...(made?.note === undefined ? [] : [made.note])];
}

const nameOf = (id: string) => `exatwin-${(scene?.host ?? scene?.operations[0])?.id ?? "calibration"}-${id}`;
const headLine = () => `${title.textContent ?? ""} · ${subtitle.textContent ?? ""}`;

function toggleTable(id: string | null): void {
  set({ tables: switchTables(state.tables, id, ["fit", "residuals", "parameters", "surface"]) });
}

function saveSvg(id: string): void {
  savePanelSvg(view.panels.get(id), nameOf(id), subtitle.textContent ?? "", about());
}

function saveCsv(id: string): void {
  savePanelCsv(view.panels.get(id), nameOf(id), [headLine(), ...about()]);
}

function saveCurve(): void {
  const fit = scene ? chosenFit(scene) : undefined;
  if (fit) saveFile(`${nameOf("curve")}.csv`, "text/csv", toCsv(curveTable({ fit, name: scene?.host?.scope.machine ?? "" }), [fit.title, ...about()]));
}

listenToKeys({
  "?": frame.openKeys, D: () => set({ theme: nextTheme[state.theme] }), t: () => toggleTable(focusedPanel()), "[": () => stepCurve(-1), "]": () => stepCurve(1),
  l: () => set({ y: state.y === "log" ? "linear" : "log" }), L: () => set({ x: state.x === "log" ? "linear" : "log" }), e: () => saveSvg(focusedPanel() ?? "fit"), E: () => saveCsv(focusedPanel() ?? "fit"),
});
