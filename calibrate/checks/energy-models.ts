/** Machines that energy was metered on, as documents with the changes that their submissions tell. */
import type { Library, Changes } from "../../model/scenario.ts";
import { applyChanges } from "../../model/resolve/changes.ts";
import { makePowerModel, type PowerModel, type PowerSources } from "../../model/energy/power-model.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { DocumentOf } from "../../model/schema/index.ts";
import type { PublishedFact } from "../../model/schema/published-facts.ts";
import { rectifierEfficiency } from "../fit/power.ts";

export interface Metered {
  readonly sources: PowerSources;
  readonly model: PowerModel;
}

export function machineWith(library: Library, name: string, changes: Changes = {}): Metered {
  const raw = library.documents.machine[name];
  const device = (raw as { node?: { device?: string } } | undefined)?.node?.device ?? "";
  const { documents, problems } = applyChanges({ device: library.documents.device[device], machine: raw, workload: {}, plan: {}, stack: {} }, changes);
  if (problems.length > 0) throw new Error(`machines/${name}: ${problems[0]?.path}`);
  const sources: PowerSources = {
    device: parsed("device", documents.device, device),
    machine: parsed("machine", documents.machine, name),
    calibrations: Object.entries(library.documents.calibration).flatMap(([id, value]) => ((value as { scope?: { kind?: unknown } }).scope?.kind === "power" ? [parsed("calibration", value, id)] : [])),
    grid: null,
  };
  const model = makePowerModel(sources);
  if (model === undefined) throw new Error(`machines/${name}: no power of its devices is known`);
  return { sources, model };
}

function parsed<K extends "device" | "machine" | "calibration">(kind: K, value: unknown, name: string): DocumentOf<K> {
  const { document, problems } = parseDocument(kind, value, name);
  if (document === undefined) throw new Error(`${name}: ${problems[0]?.path}`);
  return document;
}

/** Nodes in a bath that takes their heat, metered before the rectifiers. */
export const bathChanges = (facts: Readonly<Record<string, PublishedFact>>): Changes => ({ "machine.power.fans": 0, "machine.power.conversion": rectifierEfficiency(facts) });

export const meteredNodes = (library: Library, facts: Readonly<Record<string, PublishedFact>>): PowerModel => machineWith(library, "dgx-h100", bathChanges(facts)).model;
