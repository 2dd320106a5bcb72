/** Loads the page that the address names, and only that one. */
import type { View } from "./page-list.ts";

const loaders: Readonly<Record<View, () => Promise<unknown>>> = {
  scenario: () => import("./main.ts"),
  transformer: () => import("./transformer/main.ts"),
  training: () => import("./training/main.ts"),
  network: () => import("./network/main.ts"),
  timeline: () => import("./timeline/main.ts"),
  validation: () => import("./validation/main.ts"),
  import: () => import("./import/main.ts"),
  calibrate: () => import("./calibrate/main.ts"),
};

const view = new URLSearchParams(location.search).get("view") ?? "scenario";

// The first page says what is wrong with a name that is none.
void (Object.hasOwn(loaders, view) ? loaders[view as View] : loaders.scenario)();
