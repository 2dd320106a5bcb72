/** One seed for all property tests, so that a run can be repeated; EXATWIN_SEED=random, or a whole number, chooses others. */
import fc from "fast-check";

const asked = process.env["EXATWIN_SEED"];
if (asked !== "random") fc.configureGlobal({ seed: asked === undefined ? 20260101 : Number(asked) });
