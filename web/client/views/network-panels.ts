/** Panels of the network page: the map or the inside of a node, the way between two ranks, the most used link of each kind, and the kinds of links. */
import { bar, type Ruler } from "../charts/kit.ts";
import { loadFill } from "../charts/load-scale.ts";
import { kindHelp, kindIcon, kindNames } from "../charts/marks.ts";
import { networkMap } from "../charts/network-map.ts";
import { nodeLinks } from "../charts/node-links.ts";
import { routeLine } from "../charts/route-line.ts";
import { busiestFinding, busiestTable, capital, classesFinding, classesTable, mapFinding, mapTable, nodesWords, routeFinding, routeTable } from "../data/network-findings.ts";
import { ancestor, mapData, nodeOfRank, placeName, plural } from "../data/network-map.ts";
import { nodeData } from "../data/network-node.ts";
import { routeSteps, summariseRoute } from "../data/network-route.ts";
import { kindWord, showBusy, showEnd, usedHelp } from "../data/network-words.ts";
import { showBytes } from "../data/si.ts";
import { h, s, tipAttribute } from "../dom.ts";
import { count, show } from "../format.ts";
import type { LinkClass, LoadedLink, NetworkPicture } from "../network/protocol.ts";
import type { Fact } from "../../../model/schema/fact.ts";
import type { NetworkState } from "../network/state.ts";
import { segments, type PanelContent } from "./panel.ts";

/** From the id of a source to its title. */
export type SourceOf = (id: string) => string;

export type Pick = "open" | "from" | "to";

export interface NetworkPanelActions {
  set(change: Partial<NetworkState>): void;
  pick(mode: Pick): void;
}

const busyWord = (): HTMLElement => h("span", { class: "plain", tabindex: 0, "data-tip": tipAttribute({ head: "Busy", text: usedHelp }) }, "busy");

export function mapPanel(picture: NetworkPicture, pick: Pick, width: number, ruler: Ruler, actions: NetworkPanelActions): PanelContent {
  const { levels, wish, classes } = picture;
  const isNode = wish.at.depth === levels.length;
  const kinds = h("select", { class: "field small", "data-key": "kind", "aria-label": "Colour by", onchange: () => actions.set({ kind: kinds.value === "" ? null : kinds.value }) },
    h("option", { value: "", selected: wish.kind === null }, "colour: all links"), ...classes.map(({ kind }) => h("option", { value: kind, selected: kind === wish.kind }, `colour: ${kindWord(kind).name}`)));
  const modes = segments("click", [["open", "look inside"], ["from", "set A"], ["to", "set B"]] as const, pick, actions.pick);
  const controls = h("div", { class: "map-controls" }, isNode ? null : kinds, h("span", { class: "click-word" }, "Click"), modes);
  const summary = `${placeName(picture, wish.at)}: ${mapFinding(picture)}`;
  const node = isNode ? nodeData(picture) : null;
  return {
    title: node ? nodeTitle(picture) : mapFinding(picture),
    subtitle: [trail(picture, actions), node ? ". Lines are links, wider: more bandwidth; colour: the busier direction." : `. ${shapeWords(picture)}.`],
    controls,
    chart: node ? nodeLinks(node, { width, ruler }, summary) : networkMap(mapData(picture, width), { width, ruler }, summary),
    table: mapTable(picture),
  };
}

function nodeTitle({ inside, wish }: NetworkPicture): string {
  const most = inside.reduce<LoadedLink | null>((best, link) => (link.used > (best?.used ?? 0) ? link : best), null);
  return most === null ? `Node ${count(wish.at.index)} carries nothing` : `In node ${count(wish.at.index)} ${kindWord(most.kind).many} are fullest: ${showBusy(most.used)}`;
}

/** "77 groups of 32 routers of 4 nodes". */
function shapeWords({ levels, wish, machine }: NetworkPicture): string {
  const { depth } = wish.at;
  const parts = levels.slice(depth).map(({ name, nodes }, index) => {
    const above = index + depth === 0 ? machine.nodes : (levels[index + depth - 1]?.nodes ?? 1);
    const number = Math.ceil(above / nodes - 1e-9);
    return `${count(number)} ${number === 1 ? name : plural(name)}`;
  });
  return parts.join(" of ");
}

/** Where the map is, each part a way back. */
function trail(picture: NetworkPicture, actions: NetworkPanelActions): HTMLElement {
  const { at } = picture.wish;
  const parts = Array.from({ length: at.depth + 1 }, (_, depth) => ancestor(picture, at, depth));
  return h("span", { class: "trail" }, ...parts.flatMap((place, index) => {
    const name = placeName(picture, place);
    const last = index === parts.length - 1;
    return [index > 0 ? h("span", { "aria-hidden": "true" }, " › ") : null, last ? h("strong", {}, name) : h("button", { type: "button", class: "link", "data-key": `trail:${place.depth}`, onclick: () => actions.set({ at: place }) }, name)];
  }));
}

export function routePanel(picture: NetworkPicture, width: number, ruler: Ruler): PanelContent {
  const { wish } = picture;
  const summary = summariseRoute(picture);
  const steps = routeSteps(picture.route);
  const end = (rank: number, name: string): string => `${name}: rank ${count(rank)}, node ${count(nodeOfRank(picture, rank))}${picture.machine.devicesPerNode > 1 ? `, device ${rank % picture.machine.devicesPerNode}` : ""}`;
  return {
    title: routeFinding(summary, picture),
    subtitle: summary ? [`Latency of all links, bandwidth of the narrowest. A message of ${showBytes(wish.bytes)} alone on this way: ${show(summary.alone_s, "time")}. Colour and `, busyWord(), ": during the collective."] : ["Choose two different ranks."],
    chart: summary ? routeLine(steps, summary, [end(wish.from, "A"), end(wish.to, "B")], { width, ruler }, routeFinding(summary, picture)) : h("p", { class: "state-note" }, "A rank reaches itself without a link. Type another number beside “B, to rank”."),
    table: routeTable(picture),
  };
}

const barWidth = 110;

function loadBar(used: number): SVGElement {
  return s("svg", { width: barWidth, height: 14, viewBox: `0 0 ${barWidth} 14`, "aria-hidden": "true" }, bar(0, 3, barWidth, 8, "var(--sunk)"), bar(0, 3, Math.max(used > 0 ? 1 : 0, Math.min(1, used) * barWidth), 8, loadFill(used)));
}

const kindCell = (kind: string): HTMLElement => h("td", {}, h("span", { class: "plain", tabindex: 0, "data-tip": tipAttribute({ head: capital(kindWord(kind).name), text: kindWord(kind).help }) }, kindWord(kind).name));
const head = (name: string | Node, kind = ""): HTMLElement => h("th", { scope: "col", class: kind }, name);

export function busiestPanel(picture: NetworkPicture): PanelContent {
  const rows = picture.classes.flatMap(({ kind, fullest, alike }) => fullest.slice(0, 1).map((link) => busiestRow(kind, link, alike)));
  const table = h("table", { class: "data" }, h("thead", {}, h("tr", {}, head("Kind of link"), head("the most used", "rank3"), head("carries", "number rank2"), head("bandwidth", "number rank2"), head("time", "number"), head(busyWord(), "number"), head("", "rank3"))), h("tbody", {}, ...rows));
  return {
    title: busiestFinding(picture),
    subtitle: ["Of each kind the link that is busy longest. Time: what it carries over its bandwidth; no collective is faster than its slowest link."],
    chart: rows.length > 0 ? table : h("p", { class: "state-note" }, "One device alone sends nothing. Give the job more nodes."),
    table: busiestTable(picture),
  };
}

function busiestRow(kind: string, { from, to, carried_bytes, capacity_bytes_per_s, used }: LoadedLink, alike: number): HTMLElement {
  return h("tr", {}, kindCell(kind), h("td", { class: "rank3" }, `${showEnd(from)} › ${showEnd(to)}`, alike > 1 ? h("span", { class: "why" }, `and ${count(alike - 1)} as busy`) : null), h("td", { class: "number rank2" }, showBytes(Math.round(carried_bytes))), h("td", { class: "number rank2" }, show(capacity_bytes_per_s, "bandwidth")), h("td", { class: "number" }, show(carried_bytes / capacity_bytes_per_s, "time")), h("td", { class: "number" }, h("strong", {}, showBusy(used))), h("td", { class: "strip rank3" }, loadBar(used)));
}

function assumedWords({ classes }: NetworkPicture): Node[] {
  const facts = classes.flatMap(({ facts: of }) => (of ? [of.bandwidth, of.latency] : []));
  const assumed = facts.filter(({ kind }) => kind === "assumed").length;
  return assumed > 0 ? [h("span", { class: "assumed-words" }, `${count(assumed)} of ${count(facts.length)} figures are assumed. `)] : [];
}

/** How a figure is known, as the mark of its kind; the document's value is that of one cable. */
function factMark(fact: Fact | undefined, dimension: "bandwidth" | "time", sourceOf: SourceOf): HTMLElement | null {
  if (fact === undefined) return null;
  const { kind, value, low, high, source, note } = fact;
  const rows: Array<readonly [string, string]> = [["in the document", show(value, dimension)], ...(low !== undefined && high !== undefined ? [["range", `${show(low, dimension)} – ${show(high, dimension)}`] as const] : []), ["source", sourceOf(source)]];
  return h("span", { class: "plain fact-mark", tabindex: 0, "data-tip": tipAttribute({ head: kindNames[kind], rows, text: note ?? kindHelp[kind] }) }, kindIcon(kind));
}

export function classesPanel(picture: NetworkPicture, sourceOf: SourceOf): PanelContent {
  const range = ([low, high]: readonly [number, number], dimension: "bandwidth" | "time"): string => (low === high ? show(low, dimension) : `${show(low, dimension)} – ${show(high, dimension)}`);
  const rows = picture.classes.map((one: LinkClass) => h("tr", {}, kindCell(one.kind), h("td", { class: "number" }, count(one.count)), h("td", { class: "number" }, range(one.capacity_bytes_per_s, "bandwidth"), factMark(one.facts?.bandwidth, "bandwidth", sourceOf)), h("td", { class: "number rank2" }, range(one.latency_s, "time"), factMark(one.facts?.latency, "time", sourceOf)), h("td", { class: "number rank3" }, one.busy === one.count ? "all" : count(one.busy)), h("td", { class: "number rank2" }, one.busy > 0 ? showBusy(one.meanUsed) : "–")));
  return {
    title: classesFinding(picture),
    subtitle: [...assumedWords(picture), `One direction each, on ${nodesWords(picture.machine.nodes)}. `, picture.machine.routing === "adaptive" ? "Parallel links of a level count as one of their summed bandwidth." : ""],
    chart: h("table", { class: "data" }, h("thead", {}, h("tr", {}, head("Kind of link"), head("links", "number"), head("bandwidth of one", "number"), head("latency", "number rank2"), head("carry", "number rank3"), head("mean busy", "number rank2"))), h("tbody", {}, ...rows)),
    table: classesTable(picture),
  };
}
