/** Reads a command line against a table of options. Every problem is found, not only the first; an unknown option is answered with the nearest one. */
import { parseArgs } from "node:util";
import { missingKey, unknownName, wrongValue, type Problem } from "../model/problems.ts";

export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
  /** What stands for the value in the help, such as "N". */
  readonly value?: string;
  readonly help: string;
}
export type OptionTable = Readonly<Record<string, Option>>;

export interface Arguments {
  positionals: string[];
  flags: Set<string>;
  values: Map<string, string[]>;
}

const common = {
  json: { type: "boolean", help: "print the answer as JSON, values in SI" },
  scenarios: { type: "string", value: "DIR", help: "the folder of the scenarios (also EXATWIN_SCENARIOS)" },
  help: { type: "boolean", help: "print this help" },
} as const satisfies OptionTable;

export const csvOption = { csv: { type: "boolean", help: "print the table as CSV, values in SI" } } as const satisfies OptionTable;
export const setOption = {
  set: { type: "string", multiple: true, value: "PATH=VALUE", help: "change any fact or choice, such as machine.node.injection=\"12 GB/s\"; repeatable" },
} as const satisfies OptionTable;

export const withCommon = (options: OptionTable): OptionTable => ({ ...options, ...common });

export function readArguments(argv: readonly string[], table: OptionTable): { given: Arguments; problems: Problem[] } {
  const given: Arguments = { positionals: [], flags: new Set(), values: new Map() };
  const problems: Problem[] = [];
  const names = Object.keys(table);
  const options = Object.fromEntries(Object.entries(table).map(([name, option]) => [name, { type: option.type, ...(name === "help" ? { short: "h" } : {}) }]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") given.positionals.push(token.value);
    else if (token.kind === "option") {
      const option = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
      if (option === undefined) problems.push(unknownOption(token.rawName, names));
      else if (option.type === "boolean") {
        if (token.value === undefined) given.flags.add(token.name);
        else problems.push(wrongValue(token.rawName, token.value, "no value: this option is a switch"));
      } else readValue(given, problems, token.name, option, token.value, token.inlineValue === true);
    }
  }
  if (given.flags.has("json") && given.flags.has("csv")) problems.push({ code: "conflict", path: "--csv", got: "both --json and --csv", expected: "one of them" });
  return { given, problems };
}

function readValue(given: Arguments, problems: Problem[], name: string, option: Option, value: string | undefined, inline: boolean): void {
  if (value === undefined || value === "" || (!inline && value.startsWith("--"))) {
    problems.push(missingKey(`--${name}`, `a value: --${name} ${option.value ?? "VALUE"}`));
    return;
  }
  const before = given.values.get(name);
  if (before && !option.multiple) {
    problems.push({ code: "given-twice", path: `--${name}`, got: `both ${before[0]} and ${value}`, expected: "the option once" });
    return;
  }
  given.values.set(name, [...(before ?? []), value]);
}

function unknownOption(rawName: string, names: readonly string[]): Problem {
  return unknownName("the command line", "command-line option", rawName, names.map((name) => `--${name}`));
}
