/** --slow-gpus SHARE=FACTOR: a share of the machine's devices that takes so many times as long, as two changes of the machine document. */
import { InputError, wrongValue } from "../../model/problems.ts";
import type { Selection } from "../../model/scenario.ts";

const paths = { share: "machine.slowDevices.share", slowdown: "machine.slowDevices.slowdown" } as const;

/** As --set would be typed. */
export function slowGpuChanges(text: string | undefined): string[] {
  if (text === undefined) return [];
  const [share = "", slowdown = "", more] = text.split("=").map((part) => part.trim());
  if (share === "" || slowdown === "" || more !== undefined) throw new InputError([wrongValue("--slow-gpus", text, "SHARE=FACTOR, such as 1%=1.1: one in a hundred takes 1.1 times as long")]);
  return [`${paths.share}=${share}`, `${paths.slowdown}=${slowdown}`];
}

/** The same selection with devices as the documents have them. */
export function withoutSlowGpus(selection: Selection): Selection {
  const changes = Object.entries(selection.changes ?? {}).filter(([path]) => path !== paths.share && path !== paths.slowdown);
  return { ...selection, changes: Object.fromEntries(changes) };
}
