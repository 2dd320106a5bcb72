/** The verbs, in the order of the help. A new verb is a file and its line here. */
import type { Command } from "../command.ts";
import { calibrate } from "./calibrate.ts";
import { check } from "./check.ts";
import { explain } from "./explain.ts";
import { importCommand } from "./import.ts";
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

export const commands: readonly Command[] = [predict, train, search, simulate, scale, validate, calibrate, measure, explain, importCommand, store, check, list, show, schema, serve];
