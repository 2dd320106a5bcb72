/** A server on a free port, made from the real scenarios, and requests to it that fetch cannot make. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLibrary } from "../../../cli/host/library.ts";
import { packageRoot } from "../../../cli/host/root.ts";
import { createApp, type AppOptions } from "../../../web/server/app.ts";

export interface Served {
  url: string;
  port: number;
  clientDirectory: string;
  close: () => Promise<void>;
}

export async function serve(options: Partial<AppOptions> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "exatwin-client-"));
  const clientDirectory = join(folder, ".hidden", "client");
  mkdirSync(join(clientDirectory, "assets"), { recursive: true });
  writeFileSync(join(clientDirectory, "index.html"), "<!doctype html><title>the page</title>");
  writeFileSync(join(clientDirectory, "assets", "main-1.js"), "export {};");
  const app = createApp({ library: readLibrary(join(packageRoot, "scenarios")).library, clientDirectory, ...options });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    });
  return { url: `http://127.0.0.1:${port}`, port, clientDirectory, close };
}

export interface Answered {
  status: number;
  body: string;
}

/** A request with any Host header and any path, dots and all. */
export function rawRequest(port: number, path: string, headers: Record<string, string>, method = "GET"): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}
