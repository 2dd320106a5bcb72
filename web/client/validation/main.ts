/** The page of validation: reads the address, the points that the fit wrote and the titles of devices, and joins state, view and keys. Nothing is computed anew. */
import { version } from "../../../package.json";
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";
import { keepAddress } from "../address.ts";
import { createRuler } from "../charts/ruler.ts";
import { parityTable } from "../data/parity-data.ts";
import { toCsv, type Table } from "../data/table.ts";
import type { Validation } from "../data/validation-data.ts";
import { headline, heldOut, subjectOf, type Titles } from "../data/validation-words.ts";
import { h } from "../dom.ts";
import { count } from "../format.ts";
import { listenToKeys } from "../keys.ts";
import { readLibrary } from "../read-library.ts";
import { applyTheme, nextTheme } from "../theme.ts";
import { readAllParity } from "../transformer/read-parity.ts";
import { createValidationView, validationPanelIds, type ValidationView } from "../views/validation.ts";
import { saveFile, shortHash } from "../widgets/export.ts";
import { createPageFrame, keyHints } from "../widgets/page-frame.ts";
import { csvItems, focusedPanel, savePanelCsv, savePanelSvg, switchTables } from "../widgets/panel-tools.ts";
import { problemNote } from "../widgets/problems.ts";
import { decodeValidationState, encodeValidationState, initialValidationState, type ValidationState } from "./state.ts";

let started = decodeValidationState(location.search, null);
let state = started.state;
let data: ParityData | null = null;
let view: ValidationView | null = null;
let found: Validation | null = null;
let titles: Titles = { device: (id) => id, machine: (id) => id };
applyTheme(state.theme);

const download = h("button", { type: "button", class: "button", onclick: () => found && saveTable("points", parityTable(found.view)) }, "Points as CSV");
const frame = createPageFrame({
  view: "validation", heading: "Validation", subtitle: "Reading the points of published runs.", content: "network-content", skip: "Skip to the charts",
  keys: [["Left, Right, Home, End", "in a chart: walk the marks"], ["Enter", "on a mark: its point in the card"], ["t", "tables instead of charts; in a panel, of that panel"], ["e", "save the chart in focus (or the first) as SVG; Shift E as CSV"], ["Shift D", "light, dark, as the system"], ["?", "this list"], ["Esc", "close what is open"]],
  theme: () => set({ theme: nextTheme[state.theme] }),
  takeAway: () => [["Copy link", "", () => frame.copy(location.href, "The link")], ["These points as CSV", "", () => found && saveTable("points", parityTable(found.view))], ...csvItems(validationPanelIds, saveCsv)],
  beside: [download],
});
const { title, subtitle, notices, main, status, live, tooltip } = frame;
void start();

async function start(): Promise<void> {
  const [read, points] = await Promise.all([readLibrary(), readAllParity()]);
  if (read.problems) started = { state, problems: [...started.problems, ...read.problems] };
  else {
    const titleIn = (kind: "device" | "machine") => (id: string) => String((read.library.documents[kind][id] as { title?: unknown } | undefined)?.title ?? id);
    titles = { device: titleIn("device"), machine: titleIn("machine") };
  }
  data = points;
  if (data === null) started = { state, problems: [...started.problems, { code: "no-points", path: "/transformer-accuracy.json, /layer-accuracy.json", got: "no answer", expected: "the points of published runs", hint: "docs/accuracy.md has their figures" }] };
  else {
    readAddress();
    view = createValidationView(data, titles, createRuler(), { set, toggleTable, saveSvg, saveCsv });
    main.append(view.element);
    window.addEventListener("popstate", () => {
      readAddress();
      draw();
    });
    new ResizeObserver(() => draw()).observe(main);
  }
  draw();
  await document.fonts.ready;
  draw();
  document.documentElement.dataset["busy"] = "no";
}

function readAddress(): void {
  started = decodeValidationState(location.search, data);
  state = started.state;
  applyTheme(state.theme);
}

function draw(): void {
  found = view?.draw(state) ?? null;
  tooltip.refresh();
  download.disabled = found === null;
  const way = { name: "Show all points", act: () => set({ ...initialValidationState(), theme: state.theme }) };
  notices.replaceChildren(...(started.problems.length > 0 ? [problemNote(started.problems, found !== null, data === null ? null : way)] : []));
  if (found === null) {
    if (document.documentElement.dataset["busy"] === "no" || started.problems.length > 0) subtitle.textContent = "There is nothing to compare.";
    return;
  }
  title.textContent = headline(found);
  subtitle.textContent = subjectOf(state, titles);
  document.title = `${title.textContent} · exatwin`;
  live.textContent = title.textContent;
  status.replaceChildren(h("span", {}, `${count(found.view.points.length)} rows of ${data?.from.file ?? ""} ${data?.from.sha256.slice(0, 8) ?? ""}`), h("span", {}, `exatwin ${version}`), keyHints(["t", "table"], ["e", "export"], ["?", "keys"]));
}

const writeAddress = keepAddress();

function set(change: Partial<ValidationState>): void {
  state = { ...state, ...change };
  applyTheme(state.theme);
  writeAddress(encodeValidationState(state));
  started = { ...started, problems: [] };
  draw();
}

function toggleTable(id: string | null): void {
  set({ tables: switchTables(state.tables, id, validationPanelIds) });
}

const plainState = (): string => encodeValidationState({ ...state, tables: [], theme: "system" });
const nameOf = (id: string) => `exatwin-validation-${found?.view.protocol ?? ""}-${id}-${shortHash(plainState())}`;
const about = (): string[] => [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${title.textContent ?? ""}`, found ? heldOut(found) : "", subtitle.textContent ?? "", `Points: ${data?.from.file ?? ""}, sha256 ${data?.from.sha256 ?? ""}`, `Address: ?${plainState()}`];

const saveTable = (id: string, table: Table): void => saveFile(`${nameOf(id)}.csv`, "text/csv", toCsv(table, about()));

function saveSvg(id: string): void {
  savePanelSvg(view?.panels.get(id), nameOf(id), title.textContent ?? "", about());
}

function saveCsv(id: string): void {
  savePanelCsv(view?.panels.get(id), nameOf(id), about());
}

listenToKeys({ "?": frame.openKeys, D: () => set({ theme: nextTheme[state.theme] }), t: () => toggleTable(focusedPanel()), e: () => saveSvg(focusedPanel() ?? "parity"), E: () => saveCsv(focusedPanel() ?? "parity") });
