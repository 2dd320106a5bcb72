export interface InputFile {
  path: string;
  key: string;
}
export interface Keys {
  quick: string;
  content: string;
}
export function listFiles(root: string, entries: readonly string[], accepts?: (path: string) => boolean): InputFile[];
export function takeKeys(root: string, files: readonly InputFile[], extra?: string): Keys;
export function writeStamp(root: string, name: string, keys: Keys): void;
export function isStampFresh(root: string, name: string, files: readonly InputFile[], extra?: string): boolean;
