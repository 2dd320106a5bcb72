/**
 * The map of a network: blocks (groups, pods, planes) in rows, their nodes inside as squares coloured by the fullest link of each, above each block its links
 * upwards, wider where there is more bandwidth. Few squares are marks of their own; many are drawn together by colour, and the block is the mark.
 */
import { mapMargin, type MapData } from "../data/network-map.ts";
import { showBusy } from "../data/network-words.ts";
import { s, tipAttribute, tipText } from "../dom.ts";
import { count } from "../format.ts";
import { bar, label, place, root, rule, textBox, type ChartSize } from "./kit.ts";
import { loadFill, loadKey } from "./load-scale.ts";
import { createPlacer } from "./put-labels.ts";
import { labelHeight, stubSpace, type Area } from "../data/network-layout.ts";

const top = 4;
const keyHeight = 26;

export function networkMap(data: MapData, { width, ruler }: Pick<ChartSize, "width" | "ruler">, summary: string): SVGSVGElement {
  const { layout, blocks, squares, ends } = data;
  const single = layout.blocks === layout.squares;
  const narrow = width < 560;
  const height = Math.ceil(layout.height) + top + keyHeight * (narrow ? 3 : data.stubName === null ? 1 : 2);
  const chart = root(width, height, summary);
  const group = s("g", { transform: `translate(${mapMargin},${top})` });
  const gap = Math.max(0.5, Math.min(2.5, layout.pitch * 0.16));
  const placer = createPlacer({ x: -mapMargin, y: -4, width, height: layout.height + 8 }, ruler);
  const highlights: SVGElement[] = [];

  for (const [left, right, y] of layout.buses) group.append(rule(left - 3, y, right + 2, y, "var(--ctl)"));
  blocks.forEach((block) => {
    const mark = s("g", { class: "mark place", tabindex: -1, role: "button", "data-series": "places", "data-x": block.index, "data-key": `place:${block.depth}.${block.index}`, "data-place": `${block.depth}.${block.index}`, "data-tip": tipAttribute(block.tip), "aria-label": tipText(block.tip) });
    const head = single ? 0 : block.stub ? stubSpace + labelHeight : labelHeight;
    mark.append(bar(block.x - 3, block.y - (single ? 3 : head - 1), block.width + 6, block.height + head + (single ? 6 : 3), "transparent", { class: "hover" }));
    if (single) mark.append(squareOf(block, block.inJob ? block.used : Number.NaN, gap));
    else mark.append(s("rect", { x: place(block.x - 2.5), y: place(block.y - 2.5), width: place(block.width + 5 - gap), height: place(block.height + 5 - gap), fill: "none", stroke: "var(--line)", rx: 1 }));
    if (block.stub) {
      const wide = Math.max(2, block.stub.width * 9);
      const centre = block.x + block.width / 2;
      mark.append(bar(centre - wide / 2, block.y - head, wide, stubSpace - 2, block.inJob ? loadFill(block.stub.used) : "var(--line2)"));
    }
    group.append(mark);
  });
  if (!single) group.append(...(data.squareTips !== null ? squareMarks(data, gap) : squarePaths(layout.squares, squares, gap)));

  for (const { area } of ends) highlights.push(s("rect", { x: place(area.x - 2), y: place(area.y - 2), width: place(area.width + 4 - gap), height: place(area.height + 4 - gap), fill: "none", stroke: "var(--paper)", "stroke-width": 4 }), s("rect", { x: place(area.x - 2), y: place(area.y - 2), width: place(area.width + 4 - gap), height: place(area.height + 4 - gap), fill: "none", stroke: "var(--accent)", "stroke-width": 2, rx: 1 }));
  const words: SVGElement[] = blockLabels(data, ruler, placer, single);
  for (const { label: name, area } of ends) {
    const style = { size: 13, weight: 600, fill: "var(--accent)" };
    const middle = area.y + area.height / 2 + 4;
    const found = placer.put(name, style, [{ x: area.x + area.width + 4, y: middle, anchor: "start" }, { x: area.x + area.width + 4, y: area.y + 14, anchor: "start" }, { x: area.x - 5, y: middle, anchor: "end" }, { x: area.x + area.width / 2, y: area.y + area.height + 15, anchor: "middle" }, { x: area.x + area.width / 2, y: area.y - 6, anchor: "middle" }]);
    if (found) words.push(found);
  }
  words.push(...cellLabels(data, ruler, placer, gap));
  chart.append(group);
  group.append(...highlights, ...words);
  chart.append(...key(data, width, height, ruler, narrow));
  return chart;
}

function squareOf(area: Area, used: number, gap: number): SVGRectElement {
  return s("rect", { x: place(area.x), y: place(area.y), width: place(area.width - gap), height: place(area.height - gap), fill: loadFill(used), ...(Number.isNaN(used) ? { stroke: "var(--line2)", "stroke-width": 0.75 } : {}) });
}

function squareMarks({ layout, squares, squareTips }: MapData, gap: number): SVGElement[] {
  return layout.squares.map((area, at) => {
    const tip = squareTips?.[at];
    const mark = squareOf(area, squares[at] ?? 0, gap);
    if (tip) for (const [name, value] of Object.entries({ class: "mark place", tabindex: "-1", role: "button", "data-series": "squares", "data-x": String(area.index), "data-key": `place:${area.depth}.${area.index}`, "data-place": `${area.depth}.${area.index}`, "data-tip": tipAttribute(tip), "aria-label": tipText(tip) })) mark.setAttribute(name, value);
    return mark;
  });
}

/** One path for each colour, so that ten thousand squares are a dozen elements. */
function squarePaths(areas: readonly Area[], loads: ArrayLike<number>, gap: number): SVGElement[] {
  const paths = new Map<string, string[]>();
  areas.forEach((area, at) => {
    const fill = loadFill(loads[at] ?? 0);
    const list = paths.get(fill) ?? [];
    list.push(`M${place(area.x)},${place(area.y)}h${place(area.width - gap)}v${place(area.height - gap)}h-${place(area.width - gap)}z`);
    paths.set(fill, list);
  });
  return [...paths].map(([fill, parts]) => s("path", { d: parts.join(""), fill, "pointer-events": "none" }));
}

/** Number and load of cells, where the longest number fits; not where a rank's letter stands. */
function cellLabels({ layout, squares }: MapData, ruler: ChartSize["ruler"], placer: ReturnType<typeof createPlacer>, gap: number): SVGElement[] {
  const inner = (layout.squares[0]?.width ?? 0) - gap;
  const longest = Math.max(0, ...layout.squares.map(({ index }) => ruler(count(index), 11, 600)));
  if (layout.squares.length > 1500 || inner < longest + 4 || layout.pitch < 16) return [];
  return layout.squares.flatMap((area, at) => {
    const used = squares[at] ?? 0;
    const fill = Number.isNaN(used) || used <= 0 ? "var(--ink2)" : used > 0.45 ? "var(--q-text-high)" : "var(--q-text-low)";
    const load = Number.isNaN(used) ? null : showBusy(used, 2);
    const both = load !== null && area.height >= 34 && inner >= ruler(load) + 4;
    const [x, y] = [area.x + inner / 2, area.y + (area.height - gap) / 2 + 4];
    const texts = [placer.put(count(area.index), { fill, weight: both ? 600 : 400 }, [{ x, y: both ? y - 7 : y, anchor: "middle" }]), both && load !== null ? placer.put(load, { fill }, [{ x, y: y + 8, anchor: "middle" }]) : null];
    return texts.flatMap((text) => {
      for (const name of ["stroke", "stroke-width", "stroke-linejoin", "paint-order"]) text?.removeAttribute(name);
      text?.setAttribute("pointer-events", "none");
      return text ? [text] : [];
    });
  });
}

/** Numbers over blocks, as many as there is room for; the first of each row in words. */
function blockLabels({ blocks }: MapData, ruler: ChartSize["ruler"], placer: ReturnType<typeof createPlacer>, single: boolean): SVGElement[] {
  return blocks.flatMap((block, at) => {
    const number = block.label.split(" ").at(-1) ?? "";
    const isFirst = blocks[at - 1]?.y !== block.y;
    if (single) return [];
    const content = isFirst && ruler(block.label) + 6 <= block.width ? block.label : number;
    if (ruler(content) > block.width + 4) return [];
    const style = { fill: "var(--ink3)" };
    const spot = { x: block.x - 2, y: block.y - 5, anchor: "start" } as const;
    const { width } = textBox(spot.x, spot.y, content, ruler, style);
    const put = width > block.width + 4 ? null : placer.put(content, style, [spot]);
    if (put === null) return [];
    // Load of the links upwards at the right end, where there is room for both.
    const load = block.stub && block.inJob && block.stub.used > 0 ? showBusy(block.stub.used, 2) : null;
    const beside = load === null || width + ruler(load) + 10 > block.width ? null : placer.put(load, { fill: "var(--ink2)" }, [{ x: block.x + block.width, y: block.y - 5, anchor: "end" }]);
    const texts = beside ? [put, beside] : [put];
    for (const text of texts) text.setAttribute("pointer-events", "none");
    return texts;
  });
}

function key({ squares, squareName, stubName }: MapData, width: number, height: number, ruler: ChartSize["ruler"], narrow: boolean): SVGElement[] {
  const values = Array.from(squares);
  const lines = narrow ? 3 : stubName === null ? 1 : 2;
  const y = height - (lines - 1) * 17 - 6;
  const what = `cell: a ${squareName}, its fullest link`;
  const { elements, end } = loadKey(0, y, ruler, { idle: !narrow && values.some((used) => used === 0), outside: !narrow && values.some(Number.isNaN) });
  if (narrow || end + ruler(what) > width) elements.push(label(0, y + 17, what));
  else elements.push(label(end + 4, y, what));
  if (stubName !== null) elements.push(label(0, y + (narrow ? 34 : 17), narrow ? "bar above: links upwards, wider: more bandwidth" : `bar above a ${stubName}: its links upwards; wider: more bandwidth`));
  return elements;
}
