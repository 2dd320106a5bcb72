/** A config.json of Hugging Face, dropped on the page or chosen: it goes to the page's worker and nowhere else. */
import type { Problem } from "../../../model/problems.ts";

export interface ConfigActions {
  read(name: string, text: string): void;
  refuse(problems: readonly Problem[]): void;
}

const most_bytes = 2 ** 20;

export async function openConfig(file: File, actions: ConfigActions): Promise<void> {
  if (file.size > most_bytes) return actions.refuse([{ code: "too-large", path: file.name, got: `${Math.ceil(file.size / 1024)} KiB`, expected: "a config.json of at most 1 MiB" }]);
  actions.read(file.name, await file.text());
}
