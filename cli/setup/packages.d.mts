import type { Step } from "./step.mjs";

export const packages: Step;
export const noNpm: string;
export function describeDifference(root: string): string;
export function findNpm(env: Readonly<Record<string, string | undefined>>, nodePath: string): string[] | undefined;
export function linkCommand(root: string): void;
