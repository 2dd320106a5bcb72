/** Messages about input: the nearest valid name, and one form for all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, nearest, showProblem, showValue, tooManyDevices, unknownKey, unknownName, wrongValue } from "../../../model/problems.ts";

const names = ["summit", "piz-daint", "perlmutter", "perlmutter-2021", "selene"];

describe("nearest", () => {
  const rows: [written: string, meant: string | undefined][] = [
    ["sumit", "summit"],
    ["Summit", "summit"],
    ["usmmit", "summit"],
    ["pizdaint", "piz-daint"],
    ["perlmuter", "perlmutter"],
    ["daint", "piz-daint"],
    ["2021", "perlmutter-2021"],
    ["frontier", undefined],
    ["x".repeat(1000), undefined],
    ["", undefined],
  ];
  it.each(rows)("%j -> %j", (written, meant) => {
    expect(nearest(written, names)).toBe(meant);
  });

  it("is the name itself where it is known, and undefined where nothing is", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }).map((name) => name.toLowerCase()), { minLength: 1 }), (known) => {
      for (const name of known) expect(nearest(name, known)?.toLowerCase()).toBe(name);
    }));
    expect(nearest("summit", [])).toBeUndefined();
  });

  it("finds a name through any one slip", () => {
    const name = "tensorflow-horovod";
    fc.assert(fc.property(fc.nat(name.length - 2), fc.constantFrom("drop", "swap", "double", "change"), (at, slip) => {
      const head = name.slice(0, at);
      const [one = "", two = ""] = name.slice(at);
      const rest = name.slice(at + 1);
      const written = { drop: head + rest, swap: head + two + one + name.slice(at + 2), double: head + one + one + rest, change: `${head}#${rest}` }[slip];
      expect(nearest(written, [...names, name])).toBe(name);
    }));
  });
});

describe("problems", () => {
  it("say where, what was found, what was expected and what was meant", () => {
    expect(unknownKey("machines/x: node", "injectoin", ["device", "injection"])).toEqual({
      code: "unknown-key", path: "machines/x: node", got: `the unknown key "injectoin"`, expected: "one of device, injection", hint: `did you mean "injection"?`,
    });
    expect(unknownName("machine", "machine", "sumit", names)).toMatchObject({ code: "unknown-name", hint: `did you mean "summit"?` });
    expect(unknownName("machine", "machine", "sumit", [])).toMatchObject({ expected: "the name of a machine (there is none)" });
    expect(tooManyDevices("devices", 30_000, 27_648, "Summit")).toMatchObject({ got: "30000 devices", hint: "at most 27648" });
  });

  it("list at most twelve names", () => {
    const many = Array.from({ length: 30 }, (_, index) => `name-${index}`);
    expect(unknownKey("x", "y", many).expected).toMatch(/name-11 and 18 more$/);
  });

  it("show long values shortened and numbers that JSON lacks", () => {
    expect(showValue("x".repeat(1000)).length).toBeLessThanOrEqual(60);
    expect([undefined, Number.NaN, null, "a", [1]].map(showValue)).toEqual(["nothing", "NaN", "null", `"a"`, "[1]"]);
  });

  it("travel together in one error", () => {
    const problems = [wrongValue("a", 1, "two", "try 2"), wrongValue("b", null, "three")];
    const error = new InputError(problems);
    expect(error.problems).toEqual(problems);
    expect(error.message).toBe("a: got 1, expected two (try 2)\nb: got null, expected three");
    expect(problems.map(showProblem).join("\n")).toBe(error.message);
  });
});
