/** The transformer page: reads the address, asks for the library once, and joins state, worker, view and keys. */
import { version } from "../../../package.json";
import type { Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import type { FoundPlan } from "../../../model/search/found.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { setsOfFound, withPlanSets, type PlanSets } from "../data/plan-changes.ts";
import { headingOf } from "../data/transformer-findings.ts";
import { changeWords } from "../data/transformer-words.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import { listenToDrops } from "../drops.ts";
import { count, fixed } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { readLibrary } from "../read-library.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { pointAtLanes } from "../timeline/pointing.ts";
import { panSpan, zoomSpan } from "../timeline/span.ts";
import type { Span } from "../timeline/state.ts";
import { createTransformerView, panelNames, transformerPanelIds, type TransformerView } from "../views/transformer.ts";
import { pipelineWindow } from "../views/transformer-panels.ts";
import type { ParityState } from "../views/transformer-parity.ts";
import type { SearchState } from "../views/transformer-search.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { focusedPanel, switchTables } from "../widgets/panel-tools.ts";
import { problemNote } from "../widgets/problems.ts";
import { createTransformerClient, type TransformerClient } from "./client.ts";
import { openConfig } from "./drop-config.ts";
import type { Refusal, TransformerPicture } from "./protocol.ts";
import { keyList } from "./key-list.ts";
import { readParity } from "./read-parity.ts";
import { decodeTransformerState, encodeTransformerState, initialTransformerState, wishOf, type TransformerState } from "./state.ts";
import { createTakeAway } from "./take-away.ts";
import { wayOutOf } from "./way-out.ts";

let started = decodeTransformerState(location.search);
let state = started.state;
let picture: TransformerPicture | null = null;
let shown: TransformerState | null = null;
let refusal: Refusal | null = null;
let search: SearchState = { kind: "idle" };
let parity: ParityState = "reading";
let remarks: readonly string[] = [];
let client: TransformerClient | null = null;
let view: TransformerView | null = null;
applyTheme(state.theme);

const chips = h("div", { class: "changes", role: "group", "aria-label": "What if" });
const file = h("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "config.json", onchange: () => {
  const chosen = file.files?.[0];
  file.value = "";
  if (chosen) void openConfig(chosen, configs);
} });
const configs = {
  read: (name: string, text: string) => client?.readConfig(name, text),
  refuse: (problems: readonly Problem[]) => refuse({ problems, nearest: null, nearestDevices: null }),
};
const frame = createPageFrame({
  view: "transformer", heading: "Transformer", subtitle: "Reading the scenarios.", content: "network-content", skip: "Skip to the charts", keys: keyList,
  theme: () => toggleTheme(),
  takeAway: () => [
    ["Copy link", "", takeAway.link], ["Copy as command", "c", takeAway.command], ["Prediction as JSON", "", takeAway.json],
    ...transformerPanelIds.map((id) => [`${panelNames[id]} as CSV`, "", () => takeAway.csv(id)] as const),
  ],
  beside: [chips],
  last: [file],
});
const { title, subtitle, notices, main, status, live, tooltip } = frame;
const takeAway = createTakeAway(() => picture && { state, picture, title: title.textContent ?? "", subtitle: subtitle.textContent ?? "" }, () => view?.panels, frame.say);
const toggleTheme = () => set({ theme: nextTheme[state.theme] });

void start();

async function start(): Promise<void> {
  const read = await readLibrary();
  if (read.problems) return refuse({ problems: read.problems, nearest: null, nearestDevices: null });
  const library: Library = read.library;
  view = createTransformerView(library, createRuler(), { set, setPlan, openConfig: () => file.click(), zoom, toggleTable, saveSvg: takeAway.svg, saveCsv: takeAway.csv, search: { start: () => startSearch(), stop: () => client?.stop(), objective: searchFor, take: takePlan } });
  main.append(view.element);
  const pipeline = view.panels.get("pipeline")?.element;
  if (pipeline) pointAtLanes(pipeline, { show: (window) => set({ window }), measure: (range) => range && range[1] - range[0] > 0 && (measured = range), choose: () => undefined });
  pipeline?.addEventListener("pointerup", () => {
    if (measured) set({ window: measured });
    measured = null;
  });
  client = createTransformerClient(library, () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }), {
    picture: take, refused: refuse, progress: (progress) => tellSearch({ kind: "running", progress }), found: (found) => tellSearch({ kind: "done", found, devices: searchedDevices }),
    config: (model, told, problems) => {
      if (model === null) return refuse({ problems, nearest: null, nearestDevices: null });
      set({ model, workload: model.id, plan: null, stack: null, devices: null, changes: {}, window: null });
      remarks = told;
    },
    searchProblems: (problems) => tellSearch({ kind: "failed", words: problems.map(({ path, got, expected, hint }) => `${path}: got ${got}, expected ${expected}${hint ? ` (${hint})` : ""}`).join(". ") }),
  });
  window.addEventListener("popstate", () => {
    started = decodeTransformerState(location.search);
    state = started.state;
    applyTheme(state.theme);
    ask();
  });
  listenToDrops(([dropped]) => dropped && void openConfig(dropped, configs));
  new ResizeObserver(() => draw()).observe(main);
  void document.fonts.ready.then(draw);
  ask();
  void readParity().then((read) => {
    parity = read;
    draw();
  });
}

let measured: Span | null = null;
let searchedDevices = 0;
let dimming: ReturnType<typeof setTimeout> | undefined;

function ask(): void {
  document.documentElement.dataset["busy"] = "yes";
  clearTimeout(dimming);
  dimming = setTimeout(() => main.classList.add("stale"), 250);
  client?.ask(wishOf(state));
}

function settle(): void {
  clearTimeout(dimming);
  main.classList.remove("stale");
  document.documentElement.dataset["busy"] = "no";
}

function take(next: TransformerPicture): void {
  if (search.kind === "done" && (JSON.stringify([next.selection.machine, next.selection.workload, next.selection.stack]) !== JSON.stringify([picture?.selection.machine, picture?.selection.workload, picture?.selection.stack]))) search = { kind: "idle" };
  picture = next;
  shown = state;
  refusal = null;
  draw();
  settle();
  live.textContent = title.textContent;
}

function refuse(next: Refusal): void {
  refusal = next;
  draw();
  settle();
}

const wayOut = () => wayOutOf(refusal, shown, { set, setPlan, restart: () => set({ ...initialTransformerState(), theme: state.theme }) });

function draw(): void {
  view?.draw(state, picture, search, parity);
  tooltip.refresh();
  const problems = [...started.problems, ...(refusal?.problems ?? [])];
  notices.replaceChildren(...(problems.length > 0 ? [problemNote(problems, picture !== null, wayOut())] : []), ...(remarks.length > 0 && state.model !== null ? [h("details", { class: "remarks" }, h("summary", {}, `${count(remarks.length)} remarks on the config`), h("ul", {}, ...remarks.map((one) => h("li", {}, one))))] : []));
  if (picture === null) {
    if (problems.length > 0) {
      title.textContent = "This cannot be predicted";
      subtitle.textContent = "Choose another model or machine, or correct the address.";
    }
    return;
  }
  const { prediction: { scenario }, elapsed_ms } = picture;
  [title.textContent, subtitle.textContent] = headingOf(picture);
  const paths = Object.keys(state.changes);
  replaceKeepingFocus(chips, ...(paths.length === 0 ? [h("span", { class: "what-if" }, "As planned. Change the layout to ask what if.")] : paths.map((path) => h("button", { type: "button", class: "chip", "data-key": `chip:${path}`, "aria-label": `${changeWords(path, state.changes[path])}: take back`, onclick: () => takeBack(path) }, changeWords(path, state.changes[path]), h("span", { class: "chip-x", "aria-hidden": "true" }, "×")))), paths.length > 1 ? h("button", { type: "button", class: "link", "data-key": "all-back", onclick: () => set({ changes: {} }) }, "all back") : null);
  document.title = `${scenario.workload.title} · exatwin`;
  status.replaceChildren(h("span", {}, h("b", {}, "closed form"), ` ${fixed(elapsed_ms, 0)} ms with curve, schedule and all offers, on this page`), h("span", {}, `exatwin ${version}`), keyHints(["[ ]", "GPUs"], ["w a s d", "pipeline"], ["g", "search"], ["t", "table"], ["e", "export"], ["?", "keys"]));
}

const writeAddress = keepAddress();
let drawing = 0;

function set(change: Partial<TransformerState>): void {
  const before = JSON.stringify(wishOf(state));
  state = { ...state, ...change };
  if (state.model === null) remarks = [];
  applyTheme(state.theme);
  writeAddress(encodeTransformerState(state));
  started = { ...started, problems: [] };
  if (JSON.stringify(wishOf(state)) !== before) return ask();
  refusal = null;
  // One picture a frame, however fast the wheel turns.
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(draw);
}

const setPlan = (sets: PlanSets): void => set({ changes: withPlanSets(state.changes, sets, picture?.controls ?? []) });
const takeBack = (path: string) => set({ changes: Object.fromEntries(Object.entries(state.changes).filter(([key]) => key !== path)) });

/** What is asked of a search is asked anew where there is one. */
function searchFor(objective: TransformerState["objective"]): void {
  set({ objective });
  if (search.kind === "done" || search.kind === "running") startSearch(true);
}

function startSearch(anew = false): void {
  if (picture === null || (search.kind === "running" && !anew)) return;
  searchedDevices = picture.point.devices;
  tellSearch({ kind: "running", progress: null });
  client?.search({ wish: wishOf(state), devices: searchedDevices, objective: state.objective });
}

function tellSearch(next: SearchState): void {
  search = next;
  document.documentElement.dataset["searching"] = next.kind === "running" ? "yes" : "no";
  draw();
  if (next.kind === "done") live.textContent = view?.panels.get("search")?.content?.title ?? "";
}

function takePlan(plan: FoundPlan): void {
  state = { ...state, devices: plan.devices };
  setPlan(setsOfFound(plan));
}

function inView(act: (window: Span, step_s: number) => Span | null): void {
  const schedule = picture?.schedule;
  if (schedule) set({ window: act(pipelineWindow(state.window, schedule), schedule.makespan_s) });
}
function zoom(factor: number): void {
  inView((window, step_s) => zoomSpan(window, factor, (window[0] + window[1]) / 2, step_s));
}
const pan = (share: number) => inView((window, step_s) => panSpan(window, share * (window[1] - window[0]), step_s));

function stepDevices(by: 1 | -1): void {
  if (picture === null) return;
  const next = picture.counts[picture.counts.indexOf(picture.point.devices) + by];
  if (next !== undefined) set({ devices: next });
}

function toggleTable(id: string | null): void {
  set({ tables: switchTables(state.tables, id, transformerPanelIds) });
}

listenToKeys({
  "?": frame.openKeys, D: toggleTheme, t: () => toggleTable(focusedPanel()), e: () => takeAway.svg(focusedPanel() ?? "terms"), E: () => takeAway.csv(focusedPanel() ?? "terms"), o: () => file.click(), c: takeAway.command, g: () => startSearch(), x: () => client?.stop(),
  "[": () => stepDevices(-1), "]": () => stepDevices(1), w: () => zoom(0.6), s: () => zoom(1 / 0.6), a: () => pan(-0.2), d: () => pan(0.2), "0": () => set({ window: null }), Backspace: () => Object.keys(state.changes).length > 0 && takeBack(Object.keys(state.changes).at(-1) ?? ""),
});
