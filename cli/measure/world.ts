/** What a measurement may touch of the world besides files and programs; the command line hands over its own. */
export interface World {
  readonly stderr: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined; write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks to end: what was measured stays. */
  readonly stop: AbortSignal;
}
