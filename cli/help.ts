/** Help texts, all from the table of verbs. */
import type { Command } from "./command.ts";
import { withCommon } from "./arguments.ts";
import { pad, lengthOf } from "./text/table.ts";
import { bold, wrap, type Look } from "./text/look.ts";

export function helpFor(command: Command, look: Look): string {
  const options = Object.entries(withCommon(command.options)).map(([name, option]) => [`--${name}${option.value ? ` ${option.value}` : ""}`, option.help] as const);
  return [
    wrap(`${bold(`exatwin ${command.name}`, look)}: ${command.summary}`, look.width),
    "",
    bold("Usage", look),
    ...command.usage.map((line) => `  exatwin ${line}`),
    "",
    wrap(command.description, look.width),
    "",
    bold("Options", look),
    ...listed(options, look),
    "",
    bold("Examples", look),
    ...command.examples.flatMap(({ line, shows }) => [`  exatwin ${line}`, `      ${shows}`]),
  ].join("\n");
}

export function overview(commands: readonly Command[], look: Look): string {
  return [
    `${bold("exatwin", look)}: a digital twin of AI training on supercomputers`,
    "",
    bold("Usage", look),
    "  exatwin VERB [arguments] [options]",
    "",
    bold("Verbs", look),
    ...listed(commands.map((command) => [command.name, command.summary] as const), look),
    "",
    wrap("Every verb takes --help and --json; those with a table take --csv; those with a scenario take --set PATH=VALUE. Results go to standard output, all else to standard error. Exit codes: 0 done; 1 something in the input is wrong; 2 a fault of the program (EXATWIN_DEBUG=1 shows where).", look.width),
    "",
    bold("Try", look),
    "  exatwin list run",
    "  exatwin predict summit-deeplabv3plus-fp16-2018",
    "  exatwin serve",
  ].join("\n");
}

function listed(rows: ReadonlyArray<readonly [string, string]>, look: Look): string[] {
  const width = Math.min(28, Math.max(...rows.map(([name]) => lengthOf(name))));
  return rows.map(([name, text]) => `  ${pad(name, width, "left")}  ${wrap(text, look.width - width - 4, " ".repeat(width + 4))}`);
}
