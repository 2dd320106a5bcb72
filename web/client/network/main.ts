/** The network page: reads the address, fetches the machines, and joins state, worker, view and keys. */
import { version } from "../../../package.json";
import type { Problem } from "../../../model/problems.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { networkTitle } from "../data/network-findings.ts";
import { ancestor } from "../data/network-map.ts";
import { routingWords, topologyWords } from "../data/network-words.ts";
import { sourceTitle } from "../data/scene.ts";
import { h, tipAttribute } from "../dom.ts";
import { count, fixed, percent } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { readLibrary } from "../read-library.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { createNetworkView, networkPanelIds, nodePlace, type NetworkView } from "../views/network.ts";
import { saveFile, shortHash } from "../widgets/export.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { csvItems, focusedPanel, savePanelCsv, savePanelSvg, switchTables } from "../widgets/panel-tools.ts";
import { problemNote } from "../widgets/problems.ts";
import { createNetworkClient, type NetworkClient } from "./client.ts";
import type { NetworkPicture } from "./protocol.ts";
import { decodeNetworkState, encodeNetworkState, initialNetworkState, type NetworkState } from "./state.ts";

let started = decodeNetworkState(location.search);
let state = started.state;
let picture: NetworkPicture | null = null;
let shown: NetworkState | null = null;
let faults: readonly Problem[] = [];
let client: NetworkClient | null = null;
let view: NetworkView | null = null;
applyTheme(state.theme);

const working = h("div", { class: "working", hidden: true });
const frame = createPageFrame({
  view: "network", heading: "Network", subtitle: "Reading the machines.", content: "network-content", skip: "Skip to the charts",
  keys: [
    ["Left, Right, Up, Down, Home, End", "in the map: walk the places; Enter looks inside"],
    ["Backspace", "out of the place that is shown"],
    ["a, b", "the next click sets rank A or B; o: looks inside again"],
    ["Shift A, Shift B", "look inside the node of A or B"],
    ["x", "swap A and B"],
    ["t", "tables instead of charts; in a panel, of that panel"],
    ["e", "save the chart in focus (or the map) as SVG; Shift E as CSV"],
    ["s", "stop what is computed"],
    ["Shift D", "light, dark, as the system"],
    ["?", "this list"],
    ["Esc", "close what is open"],
  ],
  theme: () => set({ theme: nextTheme[state.theme] }),
  takeAway: () => [
    ["Copy link", "", () => frame.copy(location.href, "The link")],
    ["Result as JSON", "", () => picture && saveFile(`${nameOf("result")}.json`, "application/json", `${JSON.stringify({ about: about(), machine: picture.machine, wish: picture.wish, time_s: picture.time_s, method: picture.method, classes: picture.classes, route: picture.route }, null, 2)}\n`)],
    ["Map as SVG", "e", () => saveSvg("map")],
    ["Route as SVG", "", () => saveSvg("route")],
    ...csvItems(networkPanelIds, saveCsv),
  ],
  below: [working],
});
const { title, subtitle, notices, main, status, live, tooltip } = frame;

void start();

async function start(): Promise<void> {
  const read = await readLibrary();
  if (read.problems) return fail(read.problems);
  const { library } = read;
  const machines = library.documents.machine;
  view = createNetworkView(machines, (id) => sourceTitle(library, id), createRuler(), { set, toggleTable, saveSvg, saveCsv });
  main.append(view.element);
  client = createNetworkClient(machines, () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }), { picture: take, problems: fail, progress: tell });
  window.addEventListener("popstate", () => {
    started = decodeNetworkState(location.search);
    state = started.state;
    applyTheme(state.theme);
    ask();
  });
  new ResizeObserver(() => draw()).observe(main);
  void document.fonts.ready.then(draw);
  ask();
}

let dimming: ReturnType<typeof setTimeout> | undefined;

function ask(): void {
  document.documentElement.dataset["busy"] = "yes";
  clearTimeout(dimming);
  dimming = setTimeout(() => {
    main.classList.add("stale");
    if (working.hidden) tell(0, "starting");
  }, 250);
  const { tables: _, theme: __, ...wish } = state;
  client?.ask(wish);
}

function settle(): void {
  clearTimeout(dimming);
  main.classList.remove("stale");
  working.hidden = true;
  document.documentElement.dataset["busy"] = "no";
}

function take(next: NetworkPicture): void {
  settle();
  picture = next;
  shown = state;
  faults = [];
  draw();
  live.textContent = networkTitle(next);
}

function fail(problems: readonly Problem[]): void {
  settle();
  faults = problems;
  draw();
}

function tell(part: number, what: string): void {
  working.hidden = false;
  const stop = h("button", { type: "button", class: "button", "data-key": "stop", onclick: cancel }, "Stop");
  const done = percent(part, 2);
  if (working.firstElementChild === null) working.replaceChildren(h("div", { class: "working-bar", role: "progressbar", "aria-label": "Computation", "aria-valuemin": 0, "aria-valuemax": 100 }, h("i")), h("span"), stop);
  working.querySelector("i")?.style.setProperty("width", `${Math.round(part * 100)}%`);
  working.firstElementChild?.setAttribute("aria-valuenow", String(Math.round(part * 100)));
  const words = working.querySelector("span");
  if (words) words.textContent = `${what}, ${done}`;
}

/** What was asked is given up; the last result and its address come back. */
function cancel(): void {
  if (working.hidden) return;
  client?.cancel();
  settle();
  if (shown) set({ ...shown, theme: state.theme }, false);
  else fail([{ code: "stopped", path: "computation", got: "stopped before there was a result", expected: "a smaller job, or more patience", hint: "fewer nodes are followed faster" }]);
}

function draw(): void {
  view?.draw(state, picture);
  tooltip.refresh();
  const problems = [...started.problems, ...faults];
  notices.replaceChildren(...(problems.length > 0 ? [problemNote(problems, picture !== null, faults.length === 0 ? null : shown && faults.length > 0 ? { name: "Back to the result shown", act: () => set(shown ?? {}) } : { name: "Show Summit", act: () => set({ ...initialNetworkState(), theme: state.theme }) })] : []));
  if (picture === null) {
    if (faults.length > 0) {
      title.textContent = "This network cannot be drawn";
      subtitle.textContent = "Choose another machine, or correct the address.";
    }
    return;
  }
  const { machine, method, wish, does, elapsed_ms, links } = picture;
  title.textContent = networkTitle(picture);
  const word = (one: { name: string; help: string } | undefined, fallback: string) => h("span", { class: "plain", tabindex: 0, "data-tip": tipAttribute({ head: one?.name ?? fallback, text: one?.help ?? "" }) }, one?.name ?? fallback);
  const how = method === "events" ? { name: "message by message", help: "Every message is simulated; those that share a link share its bandwidth fairly." } : { name: "step by step", help: "Too many messages to simulate each: a step takes what its fullest link needs, and the latency of its longest way. Within a few per cent of the simulation where both were run." };
  subtitle.replaceChildren(`${wish.algorithm}: ${does} · `, word(topologyWords[machine.topology], machine.topology), ", ", word(routingWords[machine.routing], machine.routing), ` · ${wish.placement} · `, word(how, how.name), " · ", word({ name: "no interval", help: "Bandwidths and latencies are those of the machine document, and a library's own delays are left out; the time is what the links allow, not a prediction of a run." }, "no interval"));
  document.title = `Network of ${machine.title} · exatwin`;
  status.replaceChildren(h("span", {}, h("b", {}, method), ` ${count(links)} links in ${fixed(elapsed_ms / 1000, 2)} s, on this page`), h("span", {}, `exatwin ${version}`), keyHints(["Enter", "look inside"], ["Backspace", "out"], ["a b", "set a rank"], ["t", "table"], ["e", "export"], ["?", "keys"]));
}

const writeAddress = keepAddress();

function set(change: Partial<NetworkState>, asks = true): void {
  const before = state;
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeNetworkState(state));
  started = { ...started, problems: [] };
  const { tables: _, theme: __, ...wish } = state;
  const { tables: ___, theme: ____, ...old } = before;
  if (asks && JSON.stringify(wish) !== JSON.stringify(old)) ask();
  else if (!asks || before.tables !== state.tables) {
    faults = asks ? faults : [];
    draw();
  }
}

function stepOut(): void {
  if (picture && state.at.depth > 0) set({ at: ancestor(picture, state.at, state.at.depth - 1) });
}

const nameOf = (id: string) => `exatwin-network-${picture?.machine.id ?? ""}-${id}-${shortHash(encodeNetworkState({ ...state, tables: [], theme: "system" }))}`;

function about(): string[] {
  return [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${title.textContent ?? ""}`, subtitle.textContent ?? "", `Address: ?${encodeNetworkState({ ...state, tables: [], theme: "system" })}`];
}

function toggleTable(id: string | null): void {
  set({ tables: switchTables(state.tables, id, networkPanelIds) });
}

function saveSvg(id: string): void {
  savePanelSvg(view?.panels.get(id), nameOf(id), title.textContent ?? "", about());
}

function saveCsv(id: string): void {
  savePanelCsv(view?.panels.get(id), nameOf(id), about());
}

const look = (rank: (of: NetworkPicture) => number) => () => picture && set({ at: nodePlace(picture, rank(picture)) });
listenToKeys({
  "?": frame.openKeys, D: () => set({ theme: nextTheme[state.theme] }), t: () => toggleTable(focusedPanel()), e: () => saveSvg(focusedPanel() ?? "map"), E: () => saveCsv(focusedPanel() ?? "map"), Backspace: stepOut, s: cancel,
  a: () => view?.pick("from"), b: () => view?.pick("to"), o: () => view?.pick("open"), A: look(({ wish }) => wish.from), B: look(({ wish }) => wish.to), x: () => picture && set({ from: picture.wish.to, to: picture.wish.from }),
});
