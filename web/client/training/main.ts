/** The page of training runs: reads the address, asks for the library once, and joins state, worker, view and keys. */
import { version } from "../../../package.json";
import type { Problem } from "../../../model/problems.ts";
import { createAddressWriter } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { toCsv } from "../data/table.ts";
import { runTitle } from "../data/training-words.ts";
import { h } from "../dom.ts";
import { count, fixed } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { readLibrary } from "../read-library.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { createTrainingView, trainingPanelIds, type TrainingView } from "../views/training.ts";
import { createAppBar } from "../widgets/app-bar.ts";
import { openDialog } from "../widgets/dialogs.ts";
import { saveFile, shortHash, svgFile } from "../widgets/export.ts";
import { createMenu } from "../widgets/menu.ts";
import { problemNote } from "../widgets/problems.ts";
import { createTooltip } from "../widgets/tooltip.ts";
import { trainingCommand } from "./command.ts";
import type { TrainingAnswer, TrainingPicture, TrainingRequest } from "./protocol.ts";
import { decodeTrainingState, encodeTrainingState, initialTrainingState, wishOf, type TrainingState } from "./state.ts";

let started = decodeTrainingState(location.search);
let state = started.state;
let picture: TrainingPicture | null = null;
let shown: TrainingState | null = null;
let faults: readonly Problem[] = [];
let view: TrainingView | null = null;
let worker: Worker | null = null;
let newest = 0;
let running = false;
let waiting = false;
applyTheme(state.theme);

const title = h("h1", {}, "Training run");
const subtitle = h("p", { class: "subtitle" }, "Reading the scenarios.");
const menu = createMenu("Take away", () => [
  ["Copy link", "", () => copy(location.href, "The link")], ["Copy as command", "c", () => copy(trainingCommand(state), "The command")],
  ["Run as JSON", "", () => picture && saveFile(`${nameOf("run")}.json`, "application/json", `${JSON.stringify({ about: about(), ...picture.training, explained: picture.explained }, null, 2)}\n`)],
  ...trainingPanelIds.map((id) => [`${id.charAt(0).toUpperCase()}${id.slice(1)} as CSV`, "", () => saveCsv(id)] as const),
]);
const header = h("header", { class: "scenario-bar" }, h("div", { class: "scenario-words" }, title, subtitle), h("div", { class: "scenario-side" }, menu));
const tooltip = createTooltip();
const notices = h("div", { class: "notices" });
const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
const status = h("footer", { class: "status-bar" });
const main = h("main", { id: "main", tabindex: -1 });
const keys: ReadonlyArray<readonly [string, string]> = [["Left, Right, Home, End", "in a chart: walk the marks"], ["t", "tables instead of charts; in a panel, of that panel"], ["e", "save the chart in focus (or the first) as SVG; Shift E as CSV"], ["c", "copy as command"], ["Shift D", "light, dark, as the system"], ["?", "this list"], ["Esc", "close what is open"]];
const openKeys = () => void openDialog("Keys", "keys", h("dl", { class: "key-list" }, ...keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])));
const toggleTheme = () => set({ theme: nextTheme[state.theme] });

document.body.prepend(h("a", { class: "skip", href: "#main" }, "Skip to the charts"), createAppBar("training", null, { keys: openKeys, theme: toggleTheme }), header, h("div", { class: "content network-content" }, notices, main), status, live, tooltip.element);
document.documentElement.dataset["busy"] = "yes";
void start();

async function start(): Promise<void> {
  const read = await readLibrary();
  if (read.problems) return fail(read.problems);
  view = createTrainingView(read.library, createRuler(), { set, toggleTable, saveSvg, saveCsv });
  main.append(view.element);
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<TrainingAnswer>) => {
    running = false;
    if (waiting) return ask();
    if (data.type === "picture") take(data.picture);
    else fail(data.problems);
  });
  worker.addEventListener("error", (event) => {
    running = false;
    fail([{ code: "fault", path: "worker", got: event.message || "a stop of the worker", expected: "an answer", hint: "load the page again" }]);
  });
  worker.postMessage({ type: "library", library: read.library } satisfies TrainingRequest);
  window.addEventListener("popstate", () => {
    started = decodeTrainingState(location.search);
    state = started.state;
    applyTheme(state.theme);
    ask();
  });
  new ResizeObserver(() => draw()).observe(main);
  void document.fonts.ready.then(draw);
  ask();
}

let dimming: ReturnType<typeof setTimeout> | undefined;

/** The newest question wins; one is asked at a time. */
function ask(): void {
  document.documentElement.dataset["busy"] = "yes";
  clearTimeout(dimming);
  dimming = setTimeout(() => main.classList.add("stale"), 250);
  waiting = running;
  if (running) return;
  running = true;
  worker?.postMessage({ type: "show", id: ++newest, wish: wishOf(state) } satisfies TrainingRequest);
}

function settle(): void {
  clearTimeout(dimming);
  main.classList.remove("stale");
  document.documentElement.dataset["busy"] = "no";
}

function take(next: TrainingPicture): void {
  picture = next;
  shown = state;
  faults = [];
  draw();
  settle();
  live.textContent = title.textContent;
}

function fail(problems: readonly Problem[]): void {
  faults = problems;
  draw();
  settle();
}

function draw(): void {
  view?.draw(state, picture);
  tooltip.refresh();
  const problems = [...started.problems, ...faults];
  const way = faults.length === 0 ? null : shown ? { name: "Back to the run shown", act: () => set(shown ?? {}) } : { name: "Show Llama 3 405B", act: () => set({ ...initialTrainingState(), theme: state.theme }) };
  notices.replaceChildren(...(problems.length > 0 ? [problemNote(problems, picture !== null, way)] : []));
  if (picture === null) {
    if (faults.length > 0) {
      title.textContent = "This run cannot be told";
      subtitle.textContent = "Correct what is named below, or take the way out.";
    }
    return;
  }
  const { training, run, elapsed_ms } = picture;
  title.textContent = runTitle(run, training.scenario.workload.title);
  subtitle.textContent = `${training.scenario.machine.title} · plan ${training.scenario.plan.id} · ${training.scenario.stack.id} · ${count(run.steps)} steps of ${fixed(run.stepTime_s.value, run.stepTime_s.value < 10 ? 2 : 1)} s`;
  document.title = `${title.textContent} · exatwin`;
  const key = (name: string, what: string) => h("span", {}, h("b", {}, name), ` ${what}`);
  status.replaceChildren(h("span", {}, `${count(training.draws)} runs drawn with seed ${training.seed} in ${fixed(elapsed_ms / 1000, 2)} s, on this page`), h("span", {}, `exatwin ${version}`), h("span", { class: "status-keys" }, key("t", "table"), key("e", "export"), key("c", "command"), key("?", "keys")));
}

const writeAddress = createAddressWriter((query) => history.replaceState(null, "", `${location.pathname}?${query}`), { now_ms: () => performance.now(), later: (act, delay_ms) => void setTimeout(act, delay_ms) });

function set(change: Partial<TrainingState>): void {
  const before = JSON.stringify(wishOf(state));
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeTrainingState(state));
  started = { ...started, problems: [] };
  if (JSON.stringify(wishOf(state)) !== before) ask();
  else draw();
}

const focusedPanel = (): string | null => document.activeElement?.closest(".panel")?.id ?? null;

function toggleTable(id: string | null): void {
  const { tables } = state;
  const next = id === null ? (tables.length > 0 ? [] : [...trainingPanelIds]) : tables.includes(id) ? tables.filter((one) => one !== id) : [...tables, id];
  set({ tables: next.toSorted() });
}

const plainState = (): string => encodeTrainingState({ ...state, tables: [], theme: "system" });
const nameOf = (id: string) => `exatwin-training-${picture?.selection.workload ?? ""}-${id}-${shortHash(plainState())}`;
const about = (): string[] => [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${title.textContent ?? ""}`, subtitle.textContent ?? "", `Address: ?${plainState()}`];

function saveSvg(id: string): void {
  const panel = view?.panels.get(id);
  const chart = panel?.svg();
  if (panel?.content && chart) saveFile(`${nameOf(id)}.svg`, "image/svg+xml", svgFile(chart, { title: panel.content.title, subtitle: title.textContent ?? "", foot: about() }));
}

function saveCsv(id: string): void {
  const table = view?.panels.get(id)?.content?.table;
  if (table) saveFile(`${nameOf(id)}.csv`, "text/csv", toCsv(table, about()));
}

function copy(text: string, what: string): void {
  const say = (message: string) => {
    live.textContent = message;
    menu.say(message);
  };
  navigator.clipboard.writeText(text).then(() => say(`${what} is in the clipboard`), () => say(text));
}

listenToKeys({ "?": openKeys, D: toggleTheme, t: () => toggleTable(focusedPanel()), e: () => saveSvg(focusedPanel() ?? "goodput"), E: () => saveCsv(focusedPanel() ?? "goodput"), c: () => copy(trainingCommand(state), "The command") });
