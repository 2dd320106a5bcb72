import type { Step } from "./step.mjs";

export interface BrowserWorld {
  tryBrowser(root: string): Promise<string>;
  installBrowser(): Promise<string>;
  isDebian(): boolean;
  isRoot(): boolean;
}
export const browser: Step;
export function ensureBrowser(root: string, announce: (text: string) => void, world?: BrowserWorld): Promise<void>;
