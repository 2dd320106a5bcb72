/** What number formats of the products have in common. */
import type { Recipe } from "./layout.ts";

/** Products in fewer than 16 bits, with casts before them. */
export const isNarrow = (recipe: Recipe): boolean => recipe !== "fp32" && recipe !== "tf32" && recipe !== "fp16" && recipe !== "bf16";
