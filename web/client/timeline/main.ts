/** The timeline page: reads the address, asks for the library once, simulates in a worker, and joins state, options, view and keys. */
import { version } from "../../../package.json";
import type { Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { timelineOf } from "../data/timeline-lanes.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import { count, fixed } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { readLibrary } from "../read-library.ts";
import { encodeState, selectionOf, type State } from "../state.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { createTimelineView, panelIds } from "../views/timeline.ts";
import { createTimelineOptions } from "../views/timeline-options.ts";
import { shownOperation } from "../views/operation-sheet.ts";
import { sceneOf, windowOf, type TimelineScene } from "../views/timeline-panels.ts";
import { carryScenario } from "../widgets/app-bar.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { csvItems, focusedPanel, switchTables } from "../widgets/panel-tools.ts";
import { openPicker } from "../widgets/picker.ts";
import { problemNote } from "../widgets/problems.ts";
import { createSimulationClient, type SimulationClient } from "./client.ts";
import { timelineKeys } from "./key-list.ts";
import { pointAtLanes } from "./pointing.ts";
import { createTakeAway } from "./take-away.ts";
import { panSpan, spanAround, zoomSpan } from "./span.ts";
import { decodeTimelineState, encodeTimelineState, questionOf, simulateCommand, type Span, type TimelineState } from "./state.ts";

const started = decodeTimelineState(location.search);
let state = started.state;
let library: Library | null = null;
let client: SimulationClient | null = null;
let scene: TimelineScene | null = null;
let problems: readonly Problem[] = [];
let turn = 0;
const former: Array<Span | null> = [];
applyTheme(state.scenario.theme);

const chips = h("div", { class: "timeline-chips changes", role: "group", "aria-label": "What if" });
const progress = h("div", { class: "progress", hidden: true });
const frame = createPageFrame({
  view: "timeline", heading: "Timeline", subtitle: "Reading the scenarios.", content: "timeline-content", skip: "Skip to the lanes", keys: timelineKeys,
  theme: () => toggleTheme(),
  takeAway: () => [
    ["Chrome trace for Perfetto", "o", () => files.trace()], ["Copy as command", "", () => scene && frame.copy(simulateCommand(state, scene.outcome.simulation.devices), "The command")], ["Copy link", "", () => frame.copy(location.href, "The link")],
    ["Simulation as JSON", "", () => files.json()], ...csvItems(panelIds, (id) => files.csv(id)),
  ],
  search: h("button", { type: "button", class: "search", onclick: () => pick() }, h("span", {}, "Choose a scenario"), h("kbd", {}, "/")),
  beside: [chips],
  below: [progress],
});
const { title, subtitle, notices, main, status, live, tooltip } = frame;
const toggleTheme = () => setScenario({ theme: nextTheme[state.scenario.theme] });
const pick = () => library && openPicker(library, state.scenario.subject, (subject) => setScenario({ subject, changes: {}, devices: null }));
const options = createTimelineOptions({ set: (change) => set(change), setDevices: (devices) => setScenario({ devices }), again: () => void simulate(), cancel: () => client?.cancel() });
const view = createTimelineView(createRuler(), options.element, { show: showPart, zoom, measure: (range) => set({ range }), choose: (operation) => set({ operation }), togglePath: () => set({ path: !state.path }), saveTrace: () => files.trace(), toggleTable, saveSvg: (id) => files.svg(id), saveCsv: (id) => files.csv(id) });
const files = createTakeAway(() => scene, view.panels, () => `${title.textContent ?? ""} · ${subtitle.textContent ?? ""}`);

options.running(null, 0);
options.update(state, null);
main.append(view.element);
pointAtLanes((view.panels.get("lanes") as { element: HTMLElement }).element, { show: showPart, measure: (range) => set({ range }), choose: (operation) => set({ operation }) });
window.addEventListener("popstate", () => take(decodeTimelineState(location.search).state));
new ResizeObserver(() => redraw()).observe(main);
void document.fonts.ready.then(() => {
  view.forget();
  redraw();
});
carry();
void start();

async function start(): Promise<void> {
  const read = await readLibrary();
  if (read.problems) return fail(read.problems);
  library = read.library;
  client = createSimulationClient(() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }), library);
  await simulate();
}

async function simulate(): Promise<void> {
  if (!client) return;
  const own = ++turn;
  const asked = state;
  document.documentElement.dataset["busy"] = "yes";
  const begun = performance.now();
  let words = "starting";
  const say = () => options.running(words, (performance.now() - begun) / 1000);
  const ticking = setInterval(say, 500);
  say();
  progress.hidden = false;
  view.element.classList.toggle("stale", scene !== null);
  const { draws, seed, placement, slow, scenario } = asked;
  const result = await client.simulate({ selection: selectionOf(scenario), devices: scenario.devices, options: { draws, seed, placement, slowNode: slow } }, (doing) => {
    words = doing;
    say();
  });
  clearInterval(ticking);
  if (own !== turn) return;
  options.running(null, 0);
  progress.hidden = true;
  view.element.classList.remove("stale");
  if ("outcome" in result) {
    problems = [];
    scene = sceneOf(asked, result.outcome, timelineOf(result.outcome.simulation));
    draw();
  } else if ("problems" in result) fail(result.problems);
  else {
    if (scene === null) subtitle.textContent = "Cancelled. Press Simulate to begin again, or choose fewer GPUs.";
    live.textContent = "Cancelled";
  }
  document.documentElement.dataset["busy"] = "no";
}

function fail(found: readonly Problem[]): void {
  problems = found;
  progress.hidden = true;
  if (scene === null) {
    title.textContent = "This step cannot be simulated";
    subtitle.textContent = "Choose another scenario, or correct what is named below.";
  }
  showProblems();
  document.documentElement.dataset["busy"] = "no";
}

function showProblems(): void {
  const all = [...started.problems, ...problems];
  const back = scene === null || problems.length === 0 ? null : { name: "Back to the result shown", act: () => scene && take({ ...scene.state }) };
  notices.replaceChildren(...(all.length > 0 ? [problemNote(all, scene !== null, back)] : []));
}

function redraw(): void {
  if (!scene) return;
  // While a simulation runs, what is shown keeps what it was asked with; only the picture follows.
  const { window, range, operation, path, scenario } = state;
  scene = { ...scene, state: { ...scene.state, window, range, operation, path, scenario: { ...scene.state.scenario, tables: scenario.tables, theme: scenario.theme } } };
  drawView();
}

/** What belongs to the simulation, then what belongs to the view of it. */
function draw(): void {
  if (!scene) return;
  const { outcome } = scene;
  const { simulation } = outcome;
  title.replaceChildren(h("button", { type: "button", class: "title plain", "aria-haspopup": "dialog", onclick: pick }, outcome.title, h("span", { class: "caret", "aria-hidden": "true" }, "▾")));
  subtitle.textContent = `One step by events · ${count(simulation.devices)} × ${outcome.device} on ${count(simulation.nodes)} ${simulation.nodes === 1 ? "node" : "nodes"}, ${simulation.placement} · ${outcome.stack}`;
  replaceKeepingFocus(chips, ...Object.entries(scene.state.scenario.changes).map(([path, value]) => h("button", { type: "button", class: "chip", "data-key": `chip:${path}`, "aria-label": `${path} to ${String(value)}: take back`, onclick: () => takeBack(path) }, `${path} → ${String(value)}`, h("span", { class: "chip-x", "aria-hidden": "true" }, "×"))));
  showOptions();
  showProblems();
  document.title = `Timeline: ${outcome.title} · exatwin`;
  drawView();
  live.textContent = view.panels.get("lanes")?.content?.title ?? "";
}

function drawView(): void {
  if (!scene) return;
  const { outcome, unit } = scene;
  view.draw(scene);
  tooltip.refresh();
  const [from, to] = windowOf(scene);
  status.replaceChildren(h("span", {}, h("b", {}, "events"), ` ${fixed(outcome.elapsed_ms / 1000, 1)} s for ${count(outcome.simulation.draws_s.length)} ${outcome.simulation.draws_s.length === 1 ? "draw" : "draws"}, on this page`), h("span", {}, `in view ${fixed(from / unit.scale, 1)} – ${fixed(to / unit.scale, 1)} ${unit.unit} · exatwin ${version}`),
    keyHints(["W A S D", "zoom, move"], ["C", "critical path"], ["[ ]", "along it"], ["F", "fit"], ["0", "whole step"], ["O", "Chrome trace"], ["?", "keys"]));
}

function showOptions(): void {
  options.update(state, scene && { devices: scene.outcome.simulation.devices, scales: scene.outcome.scales, nodes: scene.outcome.simulation.nodes, contends: scene.outcome.simulation.network.contends });
}

const writeAddress = keepAddress();

function carry(): void {
  carryScenario(encodeState({ ...state.scenario, tables: [] }));
}

let drawing = 0;

function take(next: TimelineState): void {
  const before = state;
  state = next;
  applyTheme(state.scenario.theme);
  writeAddress(encodeTimelineState(state));
  carry();
  if (JSON.stringify(questionOf(before)) !== JSON.stringify(questionOf(state))) {
    showOptions();
    void simulate();
    return;
  }
  // One picture a frame, however fast the wheel turns.
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(redraw);
}

function set(change: Partial<TimelineState>): void {
  take({ ...state, ...change });
}

const setScenario = (change: Partial<State>): void => set({ scenario: { ...state.scenario, ...change }, ...("subject" in change || "devices" in change ? { window: null, range: null, operation: null } : {}) });
const takeBack = (path: string) => setScenario({ changes: Object.fromEntries(Object.entries(state.scenario.changes).filter(([key]) => key !== path)) });

function showPart(window: Span | null): void {
  if (former.at(-1) !== state.window) former.push(state.window);
  if (former.length > 200) former.shift();
  set({ window });
}

function inView(act: (window: Span, step_s: number) => Span | null): void {
  if (scene) showPart(act(windowOf({ state, timeline: scene.timeline }), scene.timeline.step_s));
}

function zoom(factor: number): void {
  inView(([from, to], step_s) => zoomSpan([from, to], factor, (from + to) / 2, step_s));
}

const pan = (share: number) => inView(([from, to], step_s) => panSpan([from, to], share * (to - from), step_s));

/** The chosen operation or the measured part fills the view. */
function fit(): void {
  if (!scene) return;
  const bar = shownOperation({ state, timeline: scene.timeline });
  const { step_s } = scene.timeline;
  if (state.range) showPart(spanAround(...state.range, step_s));
  else if (bar) showPart(spanAround(bar.operation.start_s, bar.operation.end_s, step_s));
}

/** The operation before or after on the critical path, brought into view. */
function alongPath(by: 1 | -1): void {
  if (!scene) return;
  const { path } = scene.outcome.simulation;
  const keys = path.map(({ rank, operation }) => `${rank}.${operation}`);
  const next = path[keys.indexOf(shownOperation({ state, timeline: scene.timeline })?.key ?? "") + by];
  if (!next) return;
  const [from, to] = windowOf({ state, timeline: scene.timeline });
  const seen = next.start_s >= from && next.end_s <= to;
  set({ operation: `${next.rank}.${next.operation}`, ...(seen ? {} : { window: panSpan([from, to], (next.start_s + next.end_s - from - to) / 2, scene.timeline.step_s) }) });
}

function toggleTable(id: string | null): void {
  setScenario({ tables: switchTables(state.scenario.tables, id, panelIds) });
}

listenToKeys({
  "/": pick, "?": frame.openKeys, D: toggleTheme, t: () => toggleTable(focusedPanel()), e: () => files.svg(focusedPanel() ?? "lanes"), E: () => files.csv(focusedPanel() ?? "lanes"), o: files.trace,
  w: () => zoom(0.7), s: () => zoom(1 / 0.7), "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7), a: () => pan(-0.15), d: () => pan(0.15), ArrowLeft: () => pan(-0.15), ArrowRight: () => pan(0.15), "0": () => showPart(null),
  f: fit, c: () => set({ path: !state.path }), "[": () => alongPath(-1), "]": () => alongPath(1), Escape: () => set({ range: null }), Backspace: () => former.length > 0 && set({ window: former.pop() ?? null }),
  m: () => scene && set({ range: windowOf({ state, timeline: scene.timeline }) }),
});
