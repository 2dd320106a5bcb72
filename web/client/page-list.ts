/** The pages in the order of the bar. A page is a line here and its loader in start.ts. */
export const pages = [
  { id: "scenario", name: "Scenario", href: "/" },
  { id: "transformer", name: "Transformer", href: "/?view=transformer" },
  { id: "training", name: "Training", href: "/?view=training" },
  { id: "network", name: "Network", href: "/?view=network" },
  { id: "timeline", name: "Timeline", href: "/?view=timeline" },
  { id: "validation", name: "Validation", href: "/?view=validation" },
  { id: "import", name: "Import", href: "/?view=import" },
  { id: "calibrate", name: "Calibrate", href: "/?view=calibrate" },
] as const;

export type View = (typeof pages)[number]["id"];
export const viewNames: readonly string[] = pages.map(({ id }) => id);
