/** A document of published runs as text: a line for each point, so that a difference shows which one changed. */
import type { PublishedRuns } from "../../model/schema/published-runs.ts";

export function writePublishedRuns({ series, leftOut, ...head }: PublishedRuns): string {
  const lines = [
    ...Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    `  "series": ${list(series.map(({ points, ...own }) => {
      const fields = Object.entries(own).map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
      return `    {\n${[...fields, `      "points": ${list(points.map((point) => `        ${JSON.stringify(point)}`), "      ")}`].join(",\n")}\n    }`;
    }), "  ")}`,
    ...(leftOut.length === 0 ? [] : [`  "leftOut": ${list(leftOut.map((one) => `    ${JSON.stringify(one)}`), "  ")}`]),
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}

const list = (items: readonly string[], indent: string): string => (items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n${indent}]`);
