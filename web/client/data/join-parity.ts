/** Points of several fits as those of one, so that a page shows all networks; a protocol that one fit has not leaves its points out of it. */
import type { ParityData } from "../../../calibrate/fit/transformer/parity.ts";

type Columns = ParityData["points"];
type Predictions = Columns["predicted_s"];

/** Undefined where none is given. */
export function joinParity(parts: readonly ParityData[]): ParityData | undefined {
  const [first, ...others] = parts;
  return first && others.reduce(joinTwo, first);
}

function joinTwo(one: ParityData, other: ParityData): ParityData {
  const known = new Set<string>(one.protocols.map(({ id }) => id));
  const protocols = [...one.protocols, ...other.protocols.filter(({ id }) => !known.has(id))];
  const nulls = ({ points }: ParityData): null[] => points.id.map(() => null);
  const byProtocol = (of: "predicted_s" | "sd"): Predictions => Object.fromEntries(protocols.map(({ id }) => [id, [...(one.points[of][id] ?? nulls(one)), ...(other.points[of][id] ?? nulls(other))]]));
  const column = <K extends Exclude<keyof Columns, "predicted_s" | "sd" | "series">>(key: K): Columns[K] => [...one.points[key], ...other.points[key]] as unknown as Columns[K];
  return {
    about: `${one.about} ${other.about}`,
    from: one.from.file === other.from.file ? { file: one.from.file, sha256: `${one.from.sha256} ${other.from.sha256}` } : { file: `${one.from.file}, ${other.from.file}`, sha256: `${one.from.sha256} ${other.from.sha256}` },
    protocols,
    series: [...one.series, ...other.series],
    points: {
      id: column("id"),
      series: [...one.points.series, ...other.points.series.map((at) => at + one.series.length)],
      devices: column("devices"),
      layout: column("layout"),
      cause: column("cause"),
      network: column("network"),
      machine: column("machine"),
      precision: column("precision"),
      measured_s: column("measured_s"),
      flag: column("flag"),
      predicted_s: byProtocol("predicted_s"),
      sd: byProtocol("sd"),
    },
  };
}
