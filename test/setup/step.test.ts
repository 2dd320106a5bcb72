import { expect, it } from "vitest";
import { runStep, StepError } from "../../cli/setup/step.mjs";

function makeOut() {
  let text = "";
  return { write: (more: string) => (text += more), read: () => text };
}

it("a step takes one line: name, what it announced and did, time", async () => {
  const out = makeOut();
  const step = {
    name: "build",
    run: async ({ announce }: { announce(text: string): void }) => {
      announce("model");
      return "compiled 3 files";
    },
  };
  expect(await runStep(step, { root: "", out })).toBeUndefined();
  expect(out.read()).toMatch(/^set-up {2}build {5}model \.\.\. compiled 3 files \(\d+\.\d\d s\)\n$/);
});

it("a step that fails says so, shows what the program printed and then what to do", async () => {
  const out = makeOut();
  const error = new StepError("npm ci failed.", "npm error 404\n");
  const step = { name: "packages", run: () => Promise.reject(error) };
  expect(await runStep(step, { root: "", out })).toBe(error);
  expect(out.read()).toMatch(/^set-up {2}packages {2}failed \(\d+\.\d\d s\)\nnpm error 404\nnpm ci failed\.\n$/);
});

it("a fault in a step is not mistaken for a failed step", async () => {
  const step = { name: "build", run: () => Promise.reject(new TypeError("undefined is not a function")) };
  await expect(runStep(step, { root: "", out: makeOut() })).rejects.toThrow(TypeError);
});
