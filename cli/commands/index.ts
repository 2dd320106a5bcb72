/** The verbs, in the order of the help. A new verb is a file and its line here. */
import type { Command } from "../command.ts";
import { calibrate } from "./calibrate.ts";
import { check } from "./check.ts";
import { explain } from "./explain.ts";
import { importCommand } from "./import.ts";
import { keeping } from "./keeping.ts";
import { list } from "./list.ts";
import { measure } from "./measure.ts";
import { predict } from "./predict.ts";
import { scale } from "./scale.ts";
import { schema } from "./schema.ts";
import { search } from "./search.ts";
import { serve } from "./serve.ts";
import { show } from "./show.ts";
import { simulate } from "./simulate.ts";
import { store } from "./store.ts";
import { train } from "./train.ts";
import { validate } from "./validate.ts";

const kept = {
  predict: keeping(predict, { line: "predict selene gpt-1t --store exatwin.duckdb", shows: "the same, kept in a store" }),
  search: keeping(search, { line: "search gpt-22b selene --gpus 8 --batch 4 --fix tensor=8 --store exatwin.duckdb", shows: "the best plans, kept in a store" }),
  scale: keeping(scale, { line: "scale logs/kineto/current.json --machine summit --gpus 6,96 --store exatwin.duckdb", shows: "two sizes, kept in a store" }),
};

export const commands: readonly Command[] = [kept.predict, train, kept.search, simulate, kept.scale, validate, calibrate, measure, explain, importCommand, store, check, list, show, schema, serve];
