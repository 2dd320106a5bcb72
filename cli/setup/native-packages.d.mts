export interface NativePackage {
  name: string;
  required?: boolean;
  programs?: string[];
  header?: string;
  variable?: string;
}
export interface NativeWorld {
  isMissing(entry: NativePackage): boolean;
  canInstall(): boolean;
  hasApt(): boolean;
  installPackages(packages: readonly NativePackage[]): Promise<string>;
}
type Environment = Readonly<Record<string, string | undefined>>;
export const nativePackages: readonly NativePackage[];
export const machine: NativeWorld;
export function findProgram(names: readonly string[], env?: Environment): string | undefined;
export function findWitness(entry: NativePackage, env?: Environment): string | undefined;
export function describeChosenCompiler(env?: Environment): string;
export function commandFor(packages: readonly NativePackage[]): string;
export function ensureNativePackages(announce: (text: string) => void, world?: NativeWorld): Promise<string>;
