/** The command line that tells the same run. */
import type { TrainingState } from "./state.ts";

export function trainingCommand(state: TrainingState): string {
  const quoted = (word: string): string => (/^[\w.,:/=%+-]+$/.test(word) ? word : JSON.stringify(word));
  const subject = state.run === null ? [state.machine, state.workload, ...(state.plan === null ? [] : ["--plan", state.plan]), ...(state.stack === null ? [] : ["--stack", state.stack])] : [state.run];
  return ["exatwin", "train", ...subject, ...(state.devices === null ? [] : ["--gpus", String(state.devices)]), `--${state.unit}`, String(state.count), ...(state.failures === null ? [] : ["--failures", state.failures]), ...Object.entries(state.changes).flatMap(([path, value]) => ["--set", `${path}=${value}`])].map(quoted).join(" ");
}
