/** The page of training runs: reads the address, asks for the library once, and joins state, worker, view and keys. */
import { version } from "../../../package.json";
import type { Problem } from "../../../model/problems.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { runTitle } from "../data/training-words.ts";
import { h } from "../dom.ts";
import { count, fixed } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { readLibrary } from "../read-library.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { createTrainingView, trainingPanelIds, type TrainingView } from "../views/training.ts";
import { saveFile, shortHash } from "../widgets/export.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { csvItems, focusedPanel, savePanelCsv, savePanelSvg, switchTables } from "../widgets/panel-tools.ts";
import { problemNote } from "../widgets/problems.ts";
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

const frame = createPageFrame({
  view: "training", heading: "Training run", subtitle: "Reading the scenarios.", content: "network-content", skip: "Skip to the charts",
  keys: [
    ["Left, Right, Home, End", "in a chart: walk the marks"],
    ["t", "tables instead of charts; in a panel, of that panel"],
    ["e", "save the chart in focus (or the first) as SVG; Shift E as CSV"],
    ["c", "copy as command"],
    ["Shift D", "light, dark, as the system"],
    ["?", "this list"],
    ["Esc", "close what is open"],
  ],
  theme: () => set({ theme: nextTheme[state.theme] }),
  takeAway: () => [
    ["Copy link", "", () => frame.copy(location.href, "The link")], ["Copy as command", "c", () => frame.copy(trainingCommand(state), "The command")],
    ["Run as JSON", "", () => picture && saveFile(`${nameOf("run")}.json`, "application/json", `${JSON.stringify({ about: about(), ...picture.training, explained: picture.explained }, null, 2)}\n`)],
    ...csvItems(trainingPanelIds, saveCsv),
  ],
});
const { title, subtitle, notices, main, status, live, tooltip } = frame;

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
  status.replaceChildren(h("span", {}, `${count(training.draws)} runs drawn with seed ${training.seed} in ${fixed(elapsed_ms / 1000, 2)} s, on this page`), h("span", {}, `exatwin ${version}`), keyHints(["t", "table"], ["e", "export"], ["c", "command"], ["?", "keys"]));
}

const writeAddress = keepAddress();

function set(change: Partial<TrainingState>): void {
  const before = JSON.stringify(wishOf(state));
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeTrainingState(state));
  started = { ...started, problems: [] };
  if (JSON.stringify(wishOf(state)) !== before) ask();
  else draw();
}

const plainState = (): string => encodeTrainingState({ ...state, tables: [], theme: "system" });
const nameOf = (id: string) => `exatwin-training-${picture?.selection.workload ?? ""}-${id}-${shortHash(plainState())}`;
const about = (): string[] => [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${title.textContent ?? ""}`, subtitle.textContent ?? "", `Address: ?${plainState()}`];

function toggleTable(id: string | null): void {
  set({ tables: switchTables(state.tables, id, trainingPanelIds) });
}

function saveSvg(id: string): void {
  savePanelSvg(view?.panels.get(id), nameOf(id), title.textContent ?? "", about());
}

function saveCsv(id: string): void {
  savePanelCsv(view?.panels.get(id), nameOf(id), about());
}

listenToKeys({ "?": frame.openKeys, D: () => set({ theme: nextTheme[state.theme] }), t: () => toggleTable(focusedPanel()), e: () => saveSvg(focusedPanel() ?? "goodput"), E: () => saveCsv(focusedPanel() ?? "goodput"), c: () => frame.copy(trainingCommand(state), "The command") });
