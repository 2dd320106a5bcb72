/** The theme of the page: the system's unless the address says another. */
export type Theme = "system" | "light" | "dark";

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export const nextTheme = { system: "dark", dark: "light", light: "system" } as const satisfies Record<Theme, Theme>;
