/** exatwin search: the best plans of a transformer on a machine, out of every valid layout. */
import { axesOfPlan, familyOf, genericStack, InputError, isAxis, objectives, planSteps, readAxes, resolveTransformer, searchAxes, type Library, type Objective, type PlanSearch, type SearchRequest, type SearchState, type TransformerScenario } from "../../model/index.ts";
import { missingKey, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import { recipes, type LayoutPlan } from "../../model/schema/plan-layout.ts";
import { csvOption, setOption } from "../arguments.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { idsOf, withDocument } from "../host/library.ts";
import { readChanges, readDevices } from "../host/selection.ts";
import { searchSheet } from "../host/search-sheet.ts";
import type { Io } from "../io.ts";
import { writeSearch, writeSearchState } from "../text/search.ts";

const searched = "search";

export const search: Command = {
  name: "search",
  summary: "the best plans of a transformer on a machine, out of every valid layout",
  usage: ["search WORKLOAD MACHINE --gpus N --batch B [options]", "search WORKLOAD MACHINE --gpus N --plan PLAN [options]"],
  description: "Every product of degrees, micro-batch, schedule, sharding and recomputation that is valid is timed, refused by memory, or left out because a bound shows that it is not among the best; nothing is sampled. Of plans that differ in recomputation alone the best is told. The first ones are run pass by pass besides. What a plan document says is kept unless it is freed.",
  options: {
    gpus: { type: "string", value: "N[,N...]", help: "numbers of devices; of several all are searched" },
    batch: { type: "string", value: "B", help: "sequences of one step of the optimizer" },
    sequence: { type: "string", value: "S", help: "tokens of a sequence; without it what the model was made for" },
    stack: { type: "string", value: "STACK", help: `the software stack (default ${genericStack})` },
    plan: { type: "string", value: "PLAN", help: "a plan whose choices are kept" },
    free: { type: "string", value: "KEY[,KEY...]", help: "choices of the plan that are searched all the same" },
    recipe: { type: "string", value: "R[,R...]", help: "number formats of the products (default that of the plan, else bf16)" },
    fix: { type: "string", multiple: true, value: "KEY=VALUE[,...]", help: "choices that are not searched, such as tensor=8; a key that comes again adds a value; repeatable" },
    objective: { type: "string", value: "NAME", help: `what the best has least of: ${objectives.join(", ")} (default time)` },
    pareto: { type: "string", value: "NAME,NAME", help: "besides, the plans that no other one beats in all of these" },
    top: { type: "string", value: "K", help: "how many plans are told (default 5)" },
    reserve: { type: "string", value: "SHARE", help: "part of the device memory that must stay free in the prediction (default 0)" },
    price: { type: "string", value: "P", help: "price of a device for an hour, for the objective cost (default 1: device-hours)" },
    ...setOption,
    ...csvOption,
  },
  examples: [
    { line: "search llama3-8b eos --gpus 64 --batch 128", shows: "Llama 3 8B on eight nodes" },
    { line: "search gpt-22b selene --gpus 8 --batch 4 --fix tensor=8,recompute=full", shows: "one node, with choices that are not searched" },
    { line: "search gpt3-175b selene --gpus 64,128 --batch 64 --objective cost --top 3 --csv", shows: "how many devices cost least, as CSV" },
    { line: "search llama3-8b eos --gpus 16 --batch 32 --pareto time,memory --json", shows: "what more memory buys, as JSON" },
  ],
  async run(call) {
    const { scenario, request, notes } = choose(call);
    const began = performance.now();
    const found = await walkAwake(planSteps(scenario, request), call.io);
    const time_s = (performance.now() - began) / 1000;
    return { json: found, csv: () => searchSheet(found), text: (look) => writeSearch(scenario, request, found, look), notes: [...notes, ...(call.flag("json") || call.flag("csv") ? [] : [`${found.complete ? "searched" : "stopped after searching"} in ${time_s.toFixed(2)} s`])] };
  },
};

/** Lets signals in between pieces of work, and shows how far the search is on a terminal. */
async function walkAwake(steps: Generator<SearchState, PlanSearch, boolean | undefined>, io: Io): Promise<PlanSearch> {
  let told = performance.now();
  let shown = false;
  let next = steps.next();
  while (next.done !== true) {
    const now = performance.now();
    if (now - told > 100) {
      told = now;
      if (io.stderr.isTTY) {
        io.stderr.write(`\r${writeSearchState(next.value)}\u001b[K`);
        shown = true;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    next = steps.next(io.stop.aborted);
  }
  if (shown) io.stderr.write("\r\u001b[K");
  return next.value;
}

function choose(call: Call): { scenario: TransformerScenario; request: SearchRequest; notes: string[] } {
  requireCount(call, 2, 2);
  const { library } = call.load();
  const problems: Problem[] = [];
  const [workload, machine] = readNames(call, library, problems);
  const { devices = [], problems: wrongCounts } = readDevices(call.value("gpus"));
  problems.push(...wrongCounts);
  if (call.value("gpus") === undefined) problems.push(missingKey("--gpus", "a number of devices, such as 64"));
  const whole = (name: string): number | undefined => {
    const text = call.value(name);
    if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) problems.push(wrongValue(`--${name}`, text, "a whole number above zero"));
    return text === undefined ? undefined : Number(text);
  };
  const amount = (name: string, most: number): number | undefined => {
    const text = call.value(name);
    const value = Number(text);
    if (text !== undefined && !(text.trim() !== "" && value >= 0 && value <= most)) problems.push(wrongValue(`--${name}`, text, `a number from 0 to ${most}`));
    return text === undefined ? undefined : value;
  };
  const [batch, sequence, top = 5, reserve, price] = [whole("batch"), whole("sequence"), whole("top"), amount("reserve", 0.95), amount("price", 1e6)];
  const changes = readChanges(call.values("set"), problems);
  const objective = readObjectives(call, "objective", problems)?.[0] ?? "time";
  const pareto = readObjectives(call, "pareto", problems);
  const { axes: fixed, problems: wrongAxes } = readAxes(call.values("fix").flatMap((text) => text.split(",")), "--fix");
  problems.push(...wrongAxes);
  const named = recipesOf(call, problems);
  const notes: string[] = [];
  const stack = call.value("stack") ?? genericStack;
  if (!Object.hasOwn(library.documents.stack, stack)) problems.push(unknownName("--stack", "stack", stack, idsOf(library, "stack")));
  if (call.value("stack") === undefined) notes.push(`stack ${stack}, as none is named; --stack takes another`);
  const { raw, free } = readPlan(call, library, problems);
  if (batch === undefined && raw["globalBatch"] === undefined) problems.push(missingKey("--batch", "sequences of one step, such as 512, or --plan with a plan that says it"));
  if (problems.length > 0) throw new InputError(problems);

  const recipe = named?.[0] ?? raw["recipe"] ?? (hasPeak(library, machine, "bf16") ? "bf16" : "fp16");
  const document = { microBatch: 1, ...raw, id: searched, title: "Plan of a search", kind: "layout", recipe, ...(batch === undefined ? {} : { globalBatch: batch }), ...(sequence === undefined ? {} : { sequence }) };
  const { scenario, problems: wrong } = resolveTransformer(withDocument(library, "plan", searched, document), { machine, workload, plan: searched, stack, changes });
  if (!scenario) throw new InputError(wrong);
  const written = [...Object.keys(raw).filter((key) => !free.includes(key)), ...Object.keys(changes).flatMap((path) => (path.startsWith("plan.") ? [path.slice("plan.".length)] : []))];
  const axes = { ...axesOfPlan(scenario.plan, written), ...fixed };
  return { scenario, request: { devices, recipes: named ?? [scenario.plan.recipe], axes, objective, pareto, top, reserve, price_per_device_hour: price }, notes };
}

/** In either order: predict and simulate name the machine first. */
function readNames(call: Call, library: Library, problems: Problem[]): readonly [string, string] {
  const [first = "", second = ""] = call.positionals;
  const isMachine = (name: string): boolean => Object.hasOwn(library.documents.machine, name);
  const [workload, machine] = isMachine(first) && !isMachine(second) ? [second, first] : [first, second];
  if (!isMachine(machine)) problems.push(unknownName("the command line", "machine", machine, idsOf(library, "machine")));
  const transformers = idsOf(library, "workload").filter((id) => familyOf(library, { machine, workload: id, plan: "", stack: "" }) === "transformer");
  if (!transformers.includes(workload)) problems.push(unknownName("the command line", "transformer", workload, transformers));
  return [workload, machine];
}

function readObjectives(call: Call, option: "objective" | "pareto", problems: Problem[]): Objective[] | undefined {
  const words = call.value(option)?.split(",").map((word) => word.trim());
  if (option === "objective" && words !== undefined && words.length > 1) problems.push(wrongValue("--objective", call.value(option), "one objective", "--pareto takes several"));
  const known = words?.flatMap((word) => objectives.find((one) => one === word) ?? (problems.push(unknownName(`--${option}`, "objective", word, objectives)), []));
  return known;
}

function recipesOf(call: Call, problems: Problem[]): LayoutPlan["recipe"][] | undefined {
  return call.value("recipe")?.split(",").flatMap((word) => recipes.find((one) => one === word.trim()) ?? (problems.push(unknownName("--recipe", "recipe", word.trim(), recipes)), []));
}

function readPlan(call: Call, library: Library, problems: Problem[]): { raw: Readonly<Record<string, unknown>>; free: readonly string[] } {
  const plans = idsOf(library, "plan").filter((id) => (library.documents.plan[id] as { kind?: unknown }).kind === "layout");
  const plan = call.value("plan");
  if (plan !== undefined && !plans.includes(plan)) problems.push(unknownName("--plan", "plan", plan, plans));
  const free = call.value("free")?.split(",").map((word) => word.trim()) ?? [];
  for (const key of free) if (!isAxis(key)) problems.push(unknownName("--free", "choice of a search", key, searchAxes));
  if (free.length > 0 && plan === undefined) problems.push(missingKey("--plan", "a plan: without one every choice is free"));
  return { raw: plan === undefined || !plans.includes(plan) ? {} : (library.documents.plan[plan] as Record<string, unknown>), free };
}

function hasPeak(library: Library, machine: string, format: string): boolean {
  const device = String((library.documents.machine[machine] as { node?: { device?: unknown } }).node?.device);
  return Object.hasOwn((library.documents.device[device] as { peaks?: object } | undefined)?.peaks ?? {}, format);
}
