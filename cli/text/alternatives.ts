/** What the scenario's own choices were worth, on paper: each taken back, step and staging before and after. */
import type { Alternatives } from "../../model/index.ts";
import { showQuantity } from "../../model/units.ts";
import { bold, wrap, type Look } from "./look.ts";
import { showCount } from "./quantities.ts";

export function writeAlternatives({ devices, step_s, hidden_s, staging_s, others }: Alternatives, look: Look): string[] {
  if (others.length === 0) return [];
  return [
    bold(`What other choices would have cost at ${showCount(devices)} GPUs, one at a time`, look),
    ...others.map((other) => {
      const step = Math.abs(other.longer) < 5e-4 ? "the step as it is" : `the step ${showQuantity(step_s, "time")} -> ${showQuantity(other.step_s, "time")}, ${other.longer > 0 ? "+" : "-"}${showQuantity(Math.abs(other.longer), "fraction", 3)}`;
      const staging = staging_s === null || other.staging_s === null || Math.abs(other.staging_s / staging_s - 1) < 5e-4 ? "" : `; staging ${showQuantity(staging_s, "time")} -> ${showQuantity(other.staging_s, "time")}`;
      const hidden = Math.abs(other.hidden_s - hidden_s) < 5e-4 * step_s ? "" : `; hidden behind it ${showQuantity(hidden_s, "time")} -> ${showQuantity(other.hidden_s, "time")} of sums`;
      const changes = Object.entries(other.changes).map(([path, value]) => `--set "${path}=${value}"`).join(" ");
      return wrap(`  ${other.label}: ${step}${hidden}${staging} (${changes})`, look.width, "      ");
    }),
    "",
  ];
}
