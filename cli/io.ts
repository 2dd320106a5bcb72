/** What a command may touch of the world, so that tests can stand in for it. */
import type { Terminal } from "./text/look.ts";

export interface Output extends Terminal {
  write(text: string): unknown;
}

export interface Io {
  stdout: Output;
  stderr: Output;
  stdin: AsyncIterable<Uint8Array | string>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Asks a command that stays, such as serve, to end. */
  stop: AbortSignal;
}

export function processIo(): Io {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort());
  }
  return { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env, cwd: process.cwd(), stop: stop.signal };
}
