/** Starts the page: reads the address, asks for the library once, starts the worker, and joins state, knobs and view. */
import { version } from "../../package.json";
import type { Library } from "../../model/scenario.ts";
import { keepAddress } from "./address.ts";
import { createApp, type App } from "./app.ts";
import { createRuler } from "./charts/ruler.ts";
import { scalingFinding } from "./data/findings.ts";
import { metricOf, sourceTitle, type Scene } from "./data/scene.ts";
import { h } from "./dom.ts";
import { count, fixed } from "./format.ts";
import { listenToKeys } from "./keys.ts";
import { createModelClient } from "./model-client.ts";
import { createFrame } from "./page.ts";
import { commandOf, decodeState, encodeState, selectionOf, type State } from "./state.ts";
import { readLibrary } from "./read-library.ts";
import { applyTheme, nextTheme } from "./theme.ts";
import { createHeader, subtitleOf, titleOf } from "./views/header.ts";
import { openInputs } from "./views/inputs-list.ts";
import { createScenarioView, panelIds } from "./views/scenario.ts";
import { carryScenario } from "./widgets/app-bar.ts";
import { openKeyHelp } from "./widgets/dialogs.ts";
import { saveFile, shortHash } from "./widgets/export.ts";
import { createMenu } from "./widgets/menu.ts";
import { copyText, keyHints } from "./widgets/page-frame.ts";
import { csvItems, focusedPanel, savePanelCsv, savePanelSvg, switchTables } from "./widgets/panel-tools.ts";
import { lacksKernels, openPicker } from "./widgets/picker.ts";
import { problemNote } from "./widgets/problems.ts";
import { createDock, createRail } from "./widgets/rail.ts";
import { createTooltip } from "./widgets/tooltip.ts";

let app: App | null = null;
let library: Library | null = null;
const started = decodeState(location.search);
applyTheme(started.state.theme);

const scene = (): Scene | null => app?.scene ?? null;
const withScene = (act: (scene: Scene) => void) => {
  const shown = scene();
  if (shown) act(shown);
};
const set = (change: Partial<State>) => app?.set(change);
const pick = () => library && openPicker(library, app?.state.subject ?? started.state.subject, (subject) => set({ subject, changes: {}, devices: null }));
const change = (path: string, value: string | number | boolean) => app && set({ changes: withChange(path, value) });
const takeBack = (path: string) => app && set({ changes: Object.fromEntries(Object.entries(app.state.changes).filter(([key]) => key !== path)) });
const takeAllBack = () => set({ changes: {}, devices: null });
const backToShown = () => withScene(({ state: { subject, changes, devices } }) => set({ subject, changes, devices }));
const toggleTheme = () => app && set({ theme: nextTheme[app.state.theme] });

const menu = createMenu("Take away", () => [
  ["Copy as command", "c", copyCommand], ["Copy link", "", () => copy(location.href, "The link")],
  ["Result as JSON", "", () => withScene((shown) => saveFile(`${nameOf(shown)}.json`, "application/json", `${JSON.stringify({ about: about(shown), ...shown.current.prediction }, null, 2)}\n`))],
  ...csvItems(panelIds, saveCsv),
]);
const header = createHeader({ pick, openInputs: (kind) => withScene((shown) => openInputs(shown, kind)), takeBack, takeAllBack, takeAway: menu });
const tooltip = createTooltip();
const frame = createFrame(header.element, tooltip.element, { pick, keys: openKeyHelp, theme: toggleTheme, resetAll: takeAllBack });
const rail = createRail({ change, setDevices, reset: takeAllBack });
const dock = createDock({ setDevices, open: () => frame.openRail(true) });
const view = createScenarioView(createRuler(), { set, setDevices, openInputs: () => withScene((shown) => openInputs(shown, null)), toggleTable, saveSvg, saveCsv });
frame.rail.append(rail.element);
frame.dock.append(dock.element);
header.message("exatwin", "Reading the scenarios.");
carryScenario(encodeState({ ...started.state, tables: [] }));

void start();

async function start(): Promise<void> {
  const read = await readLibrary();
  if (read.problems) {
    header.message("The scenarios could not be read", "");
    frame.notices.replaceChildren(problemNote(read.problems, false, null));
    return;
  }
  library = read.library;
  header.message("exatwin", `${Object.keys(library.documents.run).length} runs read. The model is computing here, on this page.`);
  // One worker answers the knobs; the other computes what stands beside, so that it never delays them.
  const client = createModelClient(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }), new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }), library);
  app = createApp(started.state, library, client, {
    draw,
    wait: () => {
      frame.main.classList.add("stale");
      frame.progress.hidden = false;
    },
    fail: (problems, hasResult) => {
      settle();
      frame.notices.replaceChildren(problemNote([...started.problems, ...problems], hasResult, hasResult ? { name: "Back to the result shown", act: backToShown } : isChanged() ? { name: "Take all changes back", act: takeAllBack } : { name: "Choose another scenario", act: pick }));
      if (!hasResult) {
        header.message("This scenario cannot be predicted", "Choose another one, or correct the address.");
        frame.main.replaceChildren(h("p", { class: "state-note" }, ...noResult()));
      }
    },
    busy: (busy) => (document.documentElement.dataset["busy"] = busy ? "yes" : "no"),
  }, changed);
  window.addEventListener("popstate", () => {
    const read = decodeState(location.search);
    applyTheme(read.state.theme);
    app?.set(read.state);
  });
  new ResizeObserver(() => app?.redraw()).observe(frame.main);
  void document.fonts.ready.then(() => app?.redraw());
}

const isChanged = () => Object.keys(app?.state.changes ?? {}).length > 0 || (app?.state.devices ?? null) !== null;

/** Why there is nothing to show, where the machine is what lacks something, and what can be opened instead. */
function noResult(): Array<Node | string> {
  const subject = app?.state.subject ?? started.state.subject;
  const lacks = library && "machine" in subject ? lacksKernels(library, subject.machine) : [];
  return [...(lacks.length > 0 ? lacks : ["There is no result to show."]), " ", h("a", { href: "/" }, "Open the first exascale run"), "."];
}

function settle(): void {
  frame.main.classList.remove("stale");
  frame.progress.hidden = true;
}

function draw(shown: Scene): void {
  settle();
  if (view.element.parentElement !== frame.main) frame.main.replaceChildren(view.element);
  header.update(shown);
  const newest = app?.state ?? shown.state;
  rail.update(shown, newest);
  dock.update(shown, newest);
  view.draw(shown);
  tooltip.refresh();
  document.title = `${titleOf(shown)} · exatwin`;
  frame.notices.replaceChildren(...(started.problems.length > 0 ? [problemNote(started.problems, true, null)] : []));
  const { prediction, elapsed_ms } = shown.current;
  const finding = scalingFinding(shown);
  if (frame.live.textContent !== finding) frame.live.textContent = finding;
  frame.status.replaceChildren(h("span", {}, h("b", {}, "analytic"), ` ${fixed(elapsed_ms, elapsed_ms < 10 ? 1 : 0)} ms for ${prediction.points.length} counts, on this page`), h("span", {}, "scenario ", h("code", {}, hashOf(shown)), ` · exatwin ${version}`),
    keyHints(["/", "scenario"], ["i", "inputs"], ["t", "tables"], ["c", "copy as command"], ["e", "export"], ["?", "keys"]));
}

const writeAddress = keepAddress();

function changed(state: State): void {
  applyTheme(state.theme);
  writeAddress(encodeState(state));
  carryScenario(encodeState({ ...state, tables: [] }));
}

/** A value that is again what the unchanged scenario has is no change. */
function withChange(path: string, value: string | number | boolean): State["changes"] {
  const rest = Object.fromEntries(Object.entries(app?.state.changes ?? {}).filter(([key]) => key !== path));
  const shown = scene();
  const base = (shown?.baseline ?? (path in (shown?.state.changes ?? {}) ? null : shown?.current))?.knobs.find((knob) => knob.path === path);
  return base !== undefined && (base.text === String(value) || base.value === value) ? rest : { ...rest, [path]: value };
}

function setDevices(wanted: number): void {
  withScene((shown) => {
    const { total } = shown.current;
    const perNode = shown.current.prediction.scenario.devicesPerNode;
    const known = shown.current.prediction.points.some((point) => point.devices === wanted);
    const whole = known || Number.isInteger(wanted) ? wanted : wanted < perNode * 1.5 ? Math.round(wanted) : Math.round(wanted / perNode) * perNode;
    const devices = Math.min(total, Math.max(1, whole));
    if (devices !== app?.state.devices) set({ devices: devices === shown.current.prediction.points.at(-1)?.devices && app?.state.devices === null ? null : devices });
  });
}

function stepDevices(by: 1 | -1): void {
  withScene((shown) => {
    const counts = shown.current.prediction.points.map((point) => point.devices);
    const next = by > 0 ? counts.find((one) => one > shown.active) : counts.findLast((one) => one < shown.active);
    if (next !== undefined) setDevices(next);
  });
}

function toggleTable(id: string | null): void {
  if (app) set({ tables: switchTables(app.state.tables, id, panelIds) });
}

const hashOf = (shown: Scene) => shortHash(JSON.stringify(selectionOf(shown.state)));
const nameOf = (shown: Scene) => `exatwin-${"run" in shown.state.subject ? shown.state.subject.run : "composed"}-${hashOf(shown)}`;

function about(shown: Scene): string[] {
  const sources = new Set([...shown.current.published.map((item) => item.source), ...(shown.secondary?.published ?? []).map((item) => item.source)].filter(Boolean));
  const assumed = shown.current.prediction.assumed;
  return [
    `exatwin ${version}, ${new Date().toISOString().slice(0, 10)}, scenario ${hashOf(shown)}: ${commandOf(shown.state, shown.active)}`,
    `Predictions rest on ${count(shown.current.prediction.inputs.length)} inputs, ${count(assumed)} of them assumed.`,
    ...[...sources].map((id) => `Published: ${sourceTitle(shown.library, id)}`),
  ];
}

function saveSvg(id: string): void {
  withScene((shown) => savePanelSvg(view.panels.get(id), `${nameOf(shown)}-${id}`, `${titleOf(shown)} · ${subtitleOf(shown)}`, about(shown)));
}

function saveCsv(id: string): void {
  withScene((shown) => savePanelCsv(view.panels.get(id), `${nameOf(shown)}-${id}`, [`${titleOf(shown)} · ${subtitleOf(shown)}`, ...about(shown)]));
}

const copy = (text: string, what: string): void => copyText(text, what, (message) => {
  frame.live.textContent = message;
  menu.say(message);
});

function copyCommand(): void {
  withScene((shown) => copy(commandOf(shown.state, shown.active), "The command"));
}

listenToKeys({
  "/": pick, "?": openKeyHelp, i: () => withScene((shown) => openInputs(shown, null)), t: () => toggleTable(focusedPanel()), c: copyCommand, r: takeAllBack, D: toggleTheme,
  l: () => app && set({ y: app.state.y === "log" ? "linear" : "log" }), L: () => app && set({ x: app.state.x === "log" ? "linear" : "log" }), m: () => withScene((shown) => set({ metric: metricOf(shown) === "flops" ? "samples" : "flops" })),
  e: () => saveSvg(focusedPanel() ?? "scaling"), E: () => saveCsv(focusedPanel() ?? "scaling"), "[": () => stepDevices(-1), "]": () => stepDevices(1),
});
