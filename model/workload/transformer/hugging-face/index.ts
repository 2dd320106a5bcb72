/** All model types that are read. A new one is a row in one of the tables. */
import { denseTypes } from "./dense.ts";
import { encoderTypes } from "./encoders.ts";
import { expertTypes } from "./experts.ts";
import { hybridTypes } from "./hybrid.ts";
import type { ModelType } from "./table.ts";

/** Configs that hold the model of words in a part of their own. */
const nested: Readonly<Record<string, { inside: string; type: string }>> = {
  gemma3: { inside: "text_config", type: "gemma3_text" },
  llama4: { inside: "text_config", type: "llama4_text" },
};

export const modelTypes: Readonly<Record<string, ModelType>> = {
  ...denseTypes,
  ...expertTypes,
  ...encoderTypes,
  ...hybridTypes,
  ...Object.fromEntries(Object.entries(nested).map(([name, { inside, type }]) => [name, { ...(({ ...denseTypes, ...expertTypes })[type] as ModelType), inside }])),
};
