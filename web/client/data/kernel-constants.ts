/** For which machines of a library the time of layers can be computed: those whose device has kernel constants, measured operations, or a device to borrow from. */
import type { Library } from "../../../model/scenario.ts";

interface Raw {
  node?: { device?: unknown };
  kernelsLike?: { device?: unknown };
  scope?: { kind?: unknown; device?: unknown };
  interconnect?: unknown;
}

const at = (documents: Record<string, unknown>, id: string): Raw => (Object.hasOwn(documents, id) ? ((documents[id] ?? {}) as Raw) : {});

/** Devices whose kernels a calibration document is about. */
export const knownDevices = ({ documents }: Library): Set<unknown> => new Set(Object.values(documents.calibration).map((document) => (document as Raw).scope).filter((scope) => scope?.kind === "device" || scope?.kind === "operations").map((scope) => scope?.device));

/** The device without constants, or null where layers can be timed. */
export function missingKernels(library: Library, machine: string): string | null {
  const { device } = at(library.documents.machine, machine).node ?? {};
  if (typeof device !== "string") return null;
  const known = knownDevices(library);
  return known.has(device) || known.has(at(library.documents.device, device).kernelsLike?.device) ? null : device;
}
