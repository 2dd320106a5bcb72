/** Everything the page can show is in its address, and comes back from it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { commandOf, decodeState, defaultRun, encodeState, initialState, type State } from "../../../web/client/state.ts";

const word = fc.string({ minLength: 1, maxLength: 20 });
const id = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,18}$/);
const states: fc.Arbitrary<State> = fc.record({
  subject: fc.oneof(fc.record({ run: id }), fc.record({ machine: id, workload: id, plan: id, stack: id })),
  changes: fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z.]{0,20}$/), fc.oneof(word, fc.constantFrom("0", "true", "-1e3", "12 GB/s", "1.9 us", '"quoted"', '"', " 7 ", ""), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)), fc.boolean())),
  devices: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: null }),
  metric: fc.constantFrom("auto", "flops", "samples"),
  y: fc.constantFrom("log", "linear"),
  x: fc.constantFrom("log", "linear"),
  tables: fc.uniqueArray(fc.constantFrom("scaling", "efficiency", "step", "inputs")),
  theme: fc.constantFrom("system", "light", "dark"),
});

it("any state survives the way through the address, types included", () => {
  fc.assert(
    fc.property(states, (state) => {
      const read = decodeState(`?${encodeState(state)}`);
      expect({ ...read.state, changes: { ...read.state.changes } }).toEqual({ ...state, changes: { ...state.changes } });
      expect(read.problems).toEqual([]);
    }),
  );
});

it("the plain address is the flagship, and defaults are left out", () => {
  expect(encodeState(initialState())).toBe("");
  expect(decodeState("").state.subject).toEqual({ run: defaultRun });
  expect(encodeState({ ...initialState(), devices: 1536 })).toBe("v=1&gpus=1536");
});

/** Links that people may have kept: these lines are never changed, only added to. */
it.each([
  ["?v=1&set.plan.gradientLag=0&set.machine.node.injection=12+GB%2Fs", { changes: { "plan.gradientLag": 0, "machine.node.injection": "12 GB/s" } }],
  ["?v=1&run=piz-daint-tiramisu-2018&gpus=1024&y=linear&theme=dark", { subject: { run: "piz-daint-tiramisu-2018" }, devices: 1024, y: "linear", theme: "dark" }],
  ["?v=1&machine=summit&workload=w&plan=p&stack=s&tables=scaling%2Cstep&metric=samples", { subject: { machine: "summit", workload: "w", plan: "p", stack: "s" }, tables: ["scaling", "step"], metric: "samples" }],
])("the old link %s opens", (search, expected) => {
  const { state, problems } = decodeState(search);
  expect(state).toEqual({ ...initialState(), ...expected });
  expect(problems).toEqual([]);
});

it("reports what it does not know, each with its place, and keeps the rest", () => {
  const { state, problems } = decodeState("?v=9&gpus=-3&thema=dark&y=logarithmic&set.plan.gradientLag=0");
  expect(problems.map(({ path }) => path)).toEqual(["address: v", "address: gpus", "address: y", "address: thema"]);
  expect(problems.find(({ path }) => path === "address: thema")?.hint).toBe('did you mean "theme"?');
  expect(state.changes).toEqual({ "plan.gradientLag": 0 });
});

it("writes the command that repeats the page, quoted for a shell", () => {
  expect(commandOf({ ...initialState(), changes: { "machine.node.injection": "12 GB/s", "plan.gradientLag": 0 } }, 1536)).toBe(`exatwin predict ${defaultRun} --gpus 1536 --set 'machine.node.injection=12 GB/s' --set plan.gradientLag=0`);
  expect(commandOf({ ...initialState(), subject: { machine: "m", workload: "w", plan: "p", stack: "it's" } }, 8)).toBe(`exatwin predict m w --plan p --stack 'it'\\''s' --gpus 8`);
});
