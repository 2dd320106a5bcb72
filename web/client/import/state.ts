/** What a link to the import page carries: tables and theme. Files are the user's and never in it. */
import { unknownKey, wrongValue, type Problem } from "../../../model/problems.ts";

export interface ImportState {
  tables: readonly string[];
  theme: "system" | "light" | "dark";
}

const themes: readonly string[] = ["system", "light", "dark"];
const known = ["view", "v", "tables", "theme"];

export function encodeImportState({ tables, theme }: ImportState): string {
  const query = new URLSearchParams({ view: "import" });
  if (tables.length > 0) query.set("tables", tables.join(","));
  if (theme !== "system") query.set("theme", theme);
  return query.toString();
}

export function decodeImportState(search: string): { state: ImportState; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const state: ImportState = { tables: (query.get("tables") ?? "").split(",").filter(Boolean), theme: "system" };
  const problems: Problem[] = [];
  const theme = query.get("theme");
  if (theme !== null) {
    if (themes.includes(theme)) state.theme = theme as ImportState["theme"];
    else problems.push(wrongValue("address: theme", theme, `one of ${themes.join(", ")}`));
  }
  for (const key of query.keys()) if (!known.includes(key)) problems.push(unknownKey(`address: ${key}`, key, known));
  return { state, problems };
}
