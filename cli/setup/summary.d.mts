export interface TestRecord {
  name: string;
  state: "passed" | "failed" | "skipped" | "pending";
  note: string;
}
export interface RunReport {
  reason: "passed" | "failed" | "interrupted";
  modules: { file: string; project: string; tests: TestRecord[]; broken: { name: string; message: string }[] }[];
  unhandled: string[];
}
export interface RunCount {
  passed: number;
  failed: number;
  skipped: string[];
  failures: string[];
}
export function countRun(run: { report: RunReport | undefined; code: number | null; filtered?: boolean }): RunCount;
export function lastLine(count: { passed: number; failed: number; skipped: number }): string;
