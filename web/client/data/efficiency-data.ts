/** What the efficiency chart draws, from a scene. */
import type { EfficiencyData } from "../charts/efficiency.ts";
import { count, fixed, interval95, percent, type Unit } from "../format.ts";
import { activePoint, groupColour, lossesOf, pointAt, seriesName, termOpacity, type Scene } from "./scene.ts";
import { publishedTip } from "./scaling-data.ts";
import type { Table } from "./table.ts";

const hundredth: Unit = { unit: "%", scale: 0.01 };

/** Terms that can only be there because there are several devices are always named; others where they lose at least a twentieth of a point. */
export function efficiencyData(scene: Scene): EfficiencyData {
  const { points } = scene.current.prediction;
  const single = pointAt(scene.current, 1) ?? points[0];
  const active = activePoint(scene);
  const shown = (points[0]?.terms ?? []).filter((term) => single && points.some((point) => Math.abs(lossesOf(point, single).find((loss) => loss.term.id === term.id)?.lost ?? 0) >= 5e-4));
  const own = scene.current.published.filter((item) => item.metric === "parallel-efficiency");
  // Where the run states no efficiency of its own, that of the other precision on the same machine stands in, and is named so.
  const published = (own.length > 0 ? own : (scene.secondary?.published ?? []).filter((item) => item.metric === "parallel-efficiency")).filter((item) => item.devices <= scene.current.total);
  const other = own.length > 0 || !scene.secondary ? "" : ` for the ${seriesName(scene.secondary)} run`;
  return {
    summary: `Efficiency against GPUs: ${percent(active.efficiency.value)} at ${count(active.devices)} GPUs`,
    points: points.map((point) => {
      const losses = single ? lossesOf(point, single) : [];
      return {
        ...point.efficiency, devices: point.devices, nodes: point.nodes, losses: shown.map((term) => losses.find((loss) => loss.term.id === term.id)?.lost ?? 0),
        tip: {
          head: `${count(point.devices)} GPUs`, place: "predicted",
          rows: [["efficiency", `${percent(point.efficiency.value)}, ${interval95(point.efficiency, hundredth)}`], ...losses.filter((loss) => loss.lost >= 5e-4).toSorted((a, b) => b.lost - a.lost).slice(0, 5).map((loss) => [loss.term.label.toLowerCase(), `−${fixed(loss.lost * 100, 1)} pt`] as const)],
          foot: "Enter makes this the active count",
        },
      };
    }),
    terms: shown.map((term) => ({ label: lossName(term.label), colour: groupColour[term.group], opacity: termOpacity(term.id) })),
    name: "efficiency",
    baseline: scene.baseline ? scene.baseline.prediction.points.filter((point) => pointAt(scene.current, point.devices)).map((point) => ({ devices: point.devices, value: point.efficiency.value })) : null,
    published: published.map((item) => {
      const predicted = pointAt(scene.current, item.devices);
      return { devices: item.devices, value: item.value, text: item.text, tip: publishedTip(scene, item, predicted && !item.overridden && other === "" ? predicted.efficiency : null) };
    }),
    notes: published.map((item) => `${item.text.replace(/\s*%/, "")} published${other}${item.devices === active.devices ? "" : ` at ${count(item.devices)} GPUs`}`),
    active: active.devices, x: scene.state.x,
  };
}

const lossName = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

export function efficiencyTable(data: EfficiencyData): Table {
  const value = (fraction: number) => Number((fraction * 100).toPrecision(6));
  return {
    name: "efficiency", caption: data.summary,
    columns: [{ name: "known" }, { name: "GPUs" }, { name: "nodes" }, { name: "efficiency", unit: "%" }, { name: "low 95", unit: "%" }, { name: "low 80", unit: "%" }, { name: "high 80", unit: "%" }, { name: "high 95", unit: "%" }, ...data.terms.map((term) => ({ name: `lost to ${term.label}`, unit: "points" }))],
    rows: [
      ...data.points.map((point) => ["predicted", point.devices, point.nodes, value(point.value), value(point.low95), value(point.low80), value(point.high80), value(point.high95), ...point.losses.map(value)]),
      ...(data.baseline ?? []).map((point) => ["baseline, as run", point.devices, null, value(point.value), null, null, null, null, ...data.terms.map(() => null)]),
      ...data.published.map((mark) => ["published", mark.devices, null, value(mark.value), null, null, null, null, ...data.terms.map(() => null)]),
    ],
  };
}
