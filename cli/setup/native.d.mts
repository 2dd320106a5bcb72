import type { NativeWorld } from "./native-packages.mjs";
import type { Step } from "./step.mjs";

export interface Built {
  built: string[];
  checks?: string[];
  missing: { benchmark: string; reason: string }[];
}
export const native: Step;
export function makeNativeStep(world?: NativeWorld): Step;
export function readBuilt(root: string): Built | undefined;
export function isNativeFresh(root: string): boolean;
export function describeBuilt(built: Built): string;
