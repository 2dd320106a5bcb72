/** A verb whose answer can be kept in a store: --store FILE. Without it nothing is written. */
import { trackTimes } from "../../model/explain/tracks.ts";
import { termIds, type Term } from "../../model/prediction.ts";
import { version } from "../host/root.ts";
import type { Answer, Call, Command } from "../command.ts";
import { keepAnswer, openStore, quantitiesOf, storePath, type KeptAnswer } from "../store/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Options that say how an answer is shown and not what is asked. */
const shown: readonly string[] = ["store", "scenarios"];

export function keeping(command: Command, example: { readonly line: string; readonly shows: string }): Command {
  return {
    ...command,
    options: { ...command.options, store: { type: "string", value: "FILE", help: "keep the answer in this store (exatwin store query reads it)" } },
    examples: [...command.examples, example],
    async run(call) {
      const answer = await command.run(call);
      const asked = call.value("store");
      if (answer === undefined || asked === undefined) return answer;
      const path = storePath(call.io.cwd, asked, call.io.env);
      const store = await openStore(path);
      try {
        const { id, rows, known } = await keepAnswer(store, keptOf(call, answer), new Date().toISOString().replace("Z", ""));
        return { ...answer, notes: [...(answer.notes ?? []), known ? `${asked} holds this answer already, as ${id}` : `kept in ${asked} as ${id}, ${rows} rows`] };
      } finally {
        store.close();
      }
    },
  };
}

function keptOf({ command, positionals, arguments: { values } }: Call, { json }: Answer): KeptAnswer {
  const { points, plans, scenario } = json as { readonly points?: readonly Fields[]; readonly plans?: readonly Fields[]; readonly scenario?: Readonly<Record<string, { readonly id?: string } | null>> };
  const options = Object.fromEntries([...values].filter(([name]) => !shown.includes(name)).map(([name, given]) => [name, given.length === 1 ? given[0] : given]));
  const ids = Object.fromEntries(["run", "machine", "workload", "plan", "stack"].flatMap((name) => (typeof scenario?.[name]?.id === "string" ? [[name, scenario[name].id]] : [])));
  const question = { verb: command.name, words: positionals, options, ...(Object.keys(ids).length > 0 ? { scenario: ids } : {}), version };
  const found = plans ?? points ?? [];
  return { kind: plans ? "sweeps" : "predictions", question, points: found.map((point) => ({ devices: Number(point["devices"]), quantities: [...quantitiesOf(point), ...quantitiesOf(tracksOf(point))], ...(plans ? { choices: point["choices"] } : {}) })) };
}

/** Of a network of layers: what the kernel library and the communication library each take, so that a store holds the history of both. */
function tracksOf({ terms }: Fields): Fields {
  if (!Array.isArray(terms) || !terms.every(({ id }: { id?: unknown }) => termIds.some((known) => known === id))) return {};
  return trackTimes(terms as Term[]) as unknown as Fields;
}
