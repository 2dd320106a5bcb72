/** Files that no reader takes are refused with what they are, where that can be told. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { importFiles } from "../../../cli/import/import-files.ts";
import { InputError } from "../../../model/problems.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "exatwin-refused-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ["a spreadsheet", Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0, 0), /save its sheets as csv/],
  ["a zstd archive", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1), /zstd/],
  ["a page of other tables", "Words.\n\n| Name | Colour |\n| --- | --- |\n| a | red |\n", /tables/],
  ["a program", "import torch\nprint(1)\n", /source code/],
  ["bytes", Uint8Array.of(1, 2, 3, 0, 255), /binary data/],
  ["words", "dear diary\n", /begins with "dear diary"/],
  ["nothing", "", /empty/],
] as const)("%s", async (name, content, reason) => {
  const path = join(folder, name.replaceAll(" ", "-"));
  writeFileSync(path, content);
  const refused = await importFiles([path], { cwd: folder, store: null, skipUnknown: true, now: "" }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect((refused as InputError).problems.map(({ code, got }) => [code, reason.test(got)])).toEqual([["unknown-format", true]]);
});
