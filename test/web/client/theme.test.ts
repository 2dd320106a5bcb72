/** Colours can be read: contrast by WCAG 2 in both themes, terms apart under three colour deficiencies (Machado 2009, full severity; OKLab distance). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../../web/client/theme.css", import.meta.url), "utf8");
const block = (pattern: RegExp) => Object.fromEntries([...(pattern.exec(css)?.[1] ?? "").matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
const themes: Record<string, Record<string, string>> = {
  light: block(/^:root \{([\s\S]*?)^\}/m),
  dark: block(/^:root\[data-theme="dark"\] \{([\s\S]*?)^\}/m),
};

type Triple = [number, number, number];
const linear = (hex: string): Triple => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Triple;
const luminance = (hex: string) => linear(hex).reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
const contrast = (a: string, b: string) => {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const times = (rows: readonly Triple[], vector: Triple): Triple => rows.map((row) => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]) as Triple;
const deficiencies: Record<string, readonly Triple[]> = {
  none: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function oklab(rgb: Triple): Triple {
  const lms = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb.map((part) => Math.min(1, Math.max(0, part))) as Triple);
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], lms.map(Math.cbrt) as Triple);
}

const terms = ["compute", "memory", "comm", "storage", "wait", "host", "other"];

describe.each(Object.entries(themes))("the %s theme", (_, colours) => {
  const of = (name: string) => colours[name] ?? "";

  it("has its colours", () => expect(Object.keys(colours).length).toBeGreaterThan(20));

  it.each(["ink", "ink2", "ink3", "accent", "assumed", "bad", "good"])("sets text in %s at 4.5 to 1 on paper and on the hover row", (name) => {
    expect(contrast(of(name), of("paper"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of(name), of("alt"))).toBeGreaterThanOrEqual(4.5);
  });

  it("sets chips so that both their texts can be read", () => {
    expect(contrast(of("accent"), of("accent-bg"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("ink3"), of("accent-bg"))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...terms, "ctl"])("draws %s at 3 to 1 on paper", (name) => expect(contrast(of(name), of("paper"))).toBeGreaterThanOrEqual(3));

  it.each(Object.entries(deficiencies))("keeps every pair of terms apart, deficiency: %s", (_name, matrix) => {
    for (const [index, a] of terms.entries()) {
      for (const b of terms.slice(index + 1)) {
        const [p, q] = [oklab(times(matrix, linear(of(a)))), oklab(times(matrix, linear(of(b))))];
        expect(100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]), `${a} and ${b}`).toBeGreaterThan(7.5);
      }
    }
  });
});

it("the system's dark theme is the chosen one", () => {
  const system = block(/prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme="light"\]\) \{([\s\S]*?)^ {2}\}/m);
  expect(system).toEqual(themes["dark"]);
});
