/**
 * The launch recipe of a row: choices that its framework's release made for this model, device, number format and layout, where the row is silent. Stated degrees must be
 * those of the recipe; of several releases the row's own counts, else the nearest.
 */
import type { Recipe } from "../../../model/plan/layout.ts";
import type { LaunchRecipes } from "../../../model/schema/launch-recipes.ts";
import { holds, matches, type Row } from "./matching.ts";
import { numberAt, textAtPath } from "./record.ts";

export type Launch = LaunchRecipes["recipes"][number]["set"] & { readonly from: string };

const degrees = { tensor: "tp", pipeline: "pp", context: "cp", virtualStages: "vpp", expert: "ep", microBatch: "micro_batch" } as const;

export function findLaunch(row: Row, launches: readonly LaunchRecipes[], model: string, device: string, recipe: Recipe): Launch | undefined {
  for (const { id, when, release, releases, recipes } of launches) {
    if (!holds(when, row)) continue;
    const own = new RegExp(release.matches, "i").exec(textAtPath({ series: row.series, point: row.point }, release.field))?.[1];
    if (own === undefined) continue;
    const at = placeOf(own, releases);
    let best: { launch: Launch; distance: number } | undefined;
    for (const one of recipes) {
      if (one.device !== device || !one.recipes.includes(recipe) || !matches(one.model, model)) continue;
      if (Object.entries(degrees).some(([key, word]) => (numberAt(row.point, word) ?? one.layout[key as keyof typeof degrees]) !== one.layout[key as keyof typeof degrees])) continue;
      for (const name of one.releases) {
        const distance = Math.abs(releases.indexOf(name) - at);
        if (best === undefined || distance < best.distance) best = { launch: { ...one.set, from: `${id} ${name}` }, distance };
      }
    }
    if (best) return best.launch;
  }
  return undefined;
}

/** Position of a release among the known ones; between two where it is not one of them. */
function placeOf(release: string, releases: readonly string[]): number {
  const exact = releases.indexOf(release);
  if (exact >= 0) return exact;
  return releases.filter((known) => isEarlier(known, release)).length - 0.5;
}

function isEarlier(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(left.length, right.length); part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
