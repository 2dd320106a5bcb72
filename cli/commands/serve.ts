/** exatwin serve: the page and the API on this machine. The one verb that reaches into web/. */
import { createServer, type Server } from "node:http";
import { resolve } from "node:path";
import { InputError, wrongValue, type Problem } from "../../model/problems.ts";
import { validate as validateRuns } from "../../calibrate/index.ts";
import { shelve } from "../../web/server/api.ts";
import { createApp } from "../../web/server/app.ts";
import { createCalibrationJobs } from "../../web/server/calibration-jobs.ts";
import { createImports } from "../../web/server/imports.ts";
import { isLoopback } from "../../web/server/hosts.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { flagshipIn } from "../host/flagship.ts";
import { readLibrary } from "../host/library.ts";
import { clientDirectory } from "../host/root.ts";
import { suite } from "../measure/suite.ts";
import { writeFault, writeNote } from "../report.ts";
import { bold, lookOf } from "../text/look.ts";
import { writeCases } from "../text/validation.ts";

const defaultPort = 8080;
const defaultHost = "127.0.0.1";

export const serve: Command = {
  name: "serve",
  summary: "the page and its API, on this machine",
  usage: ["serve [--port N] [--host H] [--store FILE] [--table]"],
  description: "Prints the link and stays until it is stopped (Ctrl-C). Without --host only programs of this machine can reach it. The environment variables PORT and HOST stand in for the options.",
  options: {
    port: { type: "string", value: "N", help: `the port (also PORT; default ${defaultPort}); 0 takes any free one` },
    host: { type: "string", value: "H", help: `the address to listen on (also HOST; default ${defaultHost})` },
    store: { type: "string", value: "FILE", help: "the store in which the page may keep files that are dropped on it" },
    table: { type: "boolean", help: "first print the flagship runs, predicted beside published" },
  },
  examples: [
    { line: "serve --port 0", shows: "the page on a free port" },
    { line: "serve --port 0 --table", shows: "the flagship table, then the page" },
    { line: "serve --port 0 --store exatwin.duckdb", shows: "the page, which keeps dropped files in a store" },
    { line: "serve --port 0 --json", shows: "{\"url\": ...} for another program" },
  ],
  async run(call) {
    requireCount(call, 0, 0);
    const port = readPort(call);
    const host = call.value("host") ?? (call.io.env["HOST"] || defaultHost);
    const { library, folder } = call.load();
    let shelf = shelve(library);
    if (call.flag("table") && !call.flag("json")) call.io.stdout.write(`${flagshipTable(call)}\n\n`);
    const jobs = createCalibrationJobs({ command: ownCommand(), arguments: ["--out", folder], cwd: call.io.cwd, env: call.io.env, suite: suite.map(({ id, part, effect, estimate_s: { quick, full } }) => ({ id, part, effect, quick_s: quick ?? null, full_s: full })) }, () => (shelf = shelve(readLibrary(folder).library)));
    const store = call.value("store");
    const app = createApp({ library: () => shelf, jobs, ...(store === undefined ? {} : { imports: createImports(resolve(call.io.cwd, store)) }), clientDirectory, checkHost: isLoopback(host), onFault: (error) => writeFault(error, call.io) });
    const server = createServer(app);
    await listen(server, port, host);
    const url = urlOf(server, host);
    if (!isLoopback(host)) writeNote(`everyone who reaches ${host} can use this; it holds no secrets, writes nothing and does not measure`, call.io);
    call.io.stdout.write(call.flag("json") ? `${JSON.stringify({ url })}\n` : `${bold("exatwin", lookOf(call.io.stdout, call.io.env))} serves ${url}\n`);
    await stopped(call.io.stop);
    await jobs.close();
    await close(server);
    return undefined;
  },
};

/** How this process was started, so that a measurement runs the same code in a process of its own. */
const ownCommand = (): string[] => [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)];

function readPort(call: Call): number {
  const fromEnv = call.io.env["PORT"];
  const [path, text] = call.value("port") === undefined ? ["PORT", fromEnv || String(defaultPort)] : ["--port", call.value("port") ?? ""];
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InputError([wrongValue(path, text, "a port, 0 to 65535")]);
  return Number(text);
}

function flagshipTable(call: Call): string {
  const { library } = call.load();
  const look = lookOf(call.io.stdout, call.io.env);
  const answer = validateRuns(library, { runs: flagshipIn(library), protocol: "leave-one-series-out" });
  if (answer.validation === undefined) throw new InputError(answer.problems);
  return [bold("The first exascale deep-learning runs, predicted beside published", look), "", writeCases(answer.validation.cases, look)].join("\n");
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenProblem(error, port, host) ?? error));
    server.listen(port, host, () => resolve());
  });
}

function listenProblem(error: NodeJS.ErrnoException, port: number, host: string): InputError | undefined {
  const problems: Record<string, Problem> = {
    EADDRINUSE: { code: "port-in-use", path: "--port", got: `${port}, which another program uses`, expected: "a free port", hint: "--port 0 takes any free one; PORT works as well" },
    EACCES: { code: "port-refused", path: "--port", got: `${port}, which this user may not open`, expected: "a port above 1023" },
    EADDRNOTAVAIL: { code: "unknown-host", path: "--host", got: `"${host}"`, expected: "an address of this machine", hint: defaultHost },
    ENOTFOUND: { code: "unknown-host", path: "--host", got: `"${host}"`, expected: "an address of this machine", hint: defaultHost },
    EAI_AGAIN: { code: "unknown-host", path: "--host", got: `"${host}"`, expected: "an address of this machine", hint: defaultHost },
  };
  const problem = problems[error.code ?? ""];
  return problem && new InputError([problem]);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
