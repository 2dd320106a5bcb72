/** What the map of a network draws: blocks with the links above them, squares with their load, where the two ranks of the route sit; and what each says. */
import type { Tip } from "../dom.ts";
import { count, showIn, unitOf } from "../format.ts";
import type { NetworkPicture, Place, PlaceLoads } from "../network/protocol.ts";
import { layoutMap, rangeOf, type Area, type MapLayout } from "./network-layout.ts";
import { showBusy } from "./network-words.ts";
import { showBytes } from "./si.ts";

export interface MapBlock extends Area {
  label: string;
  tip: Tip;
  /** Links upwards: share of the widest block's bandwidth, and load from 0 to 1; null where it has none. */
  stub: { width: number; used: number } | null;
  /** Load of the whole block where it is a square itself. */
  used: number;
  inJob: boolean;
}

export interface MapData {
  layout: MapLayout;
  blocks: MapBlock[];
  /** Load of each square from 0 to 1; NaN: not in the job. */
  squares: ArrayLike<number>;
  /** What each square says, where there are few enough to say it. */
  squareTips: readonly Tip[] | null;
  ends: Array<{ label: string; area: Area }>;
  /** What the squares are, such as "node" or "block of 12 nodes". */
  squareName: string;
  stubName: string | null;
}

/** Room for what stands out beside the outermost blocks. */
export const mapMargin = 8;

/** Beyond these the blocks speak for their squares. */
export const mostTips = 1500;

export const nodeOfRank = (picture: NetworkPicture, rank: number): number => picture.jobNodes[Math.floor(rank / picture.machine.devicesPerNode)] ?? 0;

/** "group 3", "node 57"; the machine's title for all of it. */
export const placeName = (picture: NetworkPicture, { depth, index }: Place): string => (depth === 0 ? picture.machine.title : `${picture.levels[depth - 1]?.name ?? ""} ${count(index)}`);

export const plural = (name: string): string => name.replace(/s?$/, "s");

/** The place of a depth that holds another, deeper one. */
export function ancestor(picture: Pick<NetworkPicture, "levels" | "machine">, place: Place, depth: number): Place {
  if (depth === 0) return { depth: 0, index: 0 };
  const [first] = rangeOf(picture.levels, picture.machine.nodes, place);
  return { depth, index: Math.floor(first / (picture.levels[depth - 1]?.nodes ?? 1) + 1e-9) };
}

export function mapData(picture: NetworkPicture, width: number): MapData {
  const { levels, machine, loads, wish } = picture;
  const at = wish.at;
  const top = loads[at.depth] as PlaceLoads;
  const isNodes = at.depth + 1 === levels.length;
  const widest = top.out_bytes_per_s.reduce((most, one) => Math.max(most, one), 0);
  const stubs = !isNodes && widest > 0;
  const layout = layoutMap({ levels, nodes: machine.nodes, at, width: width - 2 * mapMargin, stubs });
  const used = nodesInJob(picture);
  const inJob = (area: Place): boolean => {
    const [first, end] = rangeOf(levels, machine.nodes, area);
    for (let node = Math.floor(first); node < end; node++) if (used[node] === 1) return true;
    return false;
  };
  const blocks = layout.blocks.map((area): MapBlock => ({
    ...area,
    label: placeName(picture, area),
    tip: placeTip(picture, area, inJob(area)),
    stub: stubs ? { width: (top.out_bytes_per_s[area.index] ?? 0) / widest, used: top.own[area.index] ?? 0 } : null,
    used: top.within[area.index] ?? 0,
    inJob: inJob(area),
  }));
  const depth = layout.squareDepth;
  const squares = layout.squares.map((area) => (inJob(area) ? (loads[depth - 1]?.within[area.index] ?? 0) : Number.NaN));
  const endOf = (rank: number): Area | undefined => {
    const node = nodeOfRank(picture, rank);
    return layout.squares.find((area) => {
      const [first, end] = rangeOf(levels, machine.nodes, area);
      return node >= first && node < end;
    });
  };
  const ends: MapData["ends"] = ([["A", wish.from], ["B", wish.to]] as const).flatMap(([label, rank]) => {
    const area = endOf(rank);
    return area ? [{ label, area }] : [];
  });
  if (ends.length === 2 && ends[0]?.area === ends[1]?.area) ends.splice(0, 2, { label: "A, B", area: (ends[0] as { area: Area }).area });
  const size = levels[depth - 1]?.nodes ?? 1;
  const squareTips = layout.squares.length <= mostTips ? layout.squares.map((area, index) => placeTip(picture, area, !Number.isNaN(squares[index]))) : null;
  return { layout, blocks, squares, squareTips, ends, squareName: size === 1 ? "node" : `${levels[depth - 1]?.name ?? "place"} of ${count(size)} nodes`, stubName: stubs ? (levels[at.depth]?.name ?? null) : null };
}

function nodesInJob({ machine, jobNodes }: NetworkPicture): Uint8Array {
  const used = new Uint8Array(machine.nodes);
  for (const node of jobNodes) used[node] = 1;
  return used;
}

/** Names the ranks of a node, or how many nodes of the job a larger place holds. */
export function placeTip(picture: NetworkPicture, place: Place, inJob: boolean): Tip {
  const { levels, loads, machine, jobNodes, wish } = picture;
  const own = loads[place.depth - 1];
  const { index } = place;
  const rows: Array<readonly [string, string]> = [];
  const isNode = place.depth === levels.length;
  const [first, end] = rangeOf(levels, machine.nodes, place);
  if (isNode) {
    const at = jobNodes.indexOf(index);
    const { devicesPerNode } = machine;
    if (at >= 0) rows.push(["ranks", devicesPerNode === 1 ? count(at) : `${count(at * devicesPerNode)} – ${count((at + 1) * devicesPerNode - 1)}`]);
  } else rows.push(["nodes", `${count(Math.round(first))} – ${count(Math.round(end) - 1)}`]);
  const [out, sent, got, most] = [own?.out_bytes_per_s[index] ?? 0, own?.out_bytes[index] ?? 0, own?.in_bytes[index] ?? 0, own?.own[index] ?? 0];
  const only = wish.kind === null ? "" : ` (${wish.kind})`;
  if (out > 0) rows.push([`out of it${only}`, `${showIn(out, unitOf(out, "bandwidth"))} in all`], ["sends", showBytes(sent)], ["receives", showBytes(got)]);
  if (out > 0 || isNode) rows.push(["its fullest link", showBusy(most)]);
  if (!isNode) rows.push(["fullest inside", showBusy(own?.within[index] ?? 0)]);
  return { head: placeName(picture, place), ...(inJob ? {} : { place: "not in the job" }), rows, foot: isNode ? "Enter: the links inside" : "Enter: look inside" };
}
