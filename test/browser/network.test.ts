/** The network page on the real server: what it draws of real machines, that its numbers are those of the model, how it is walked, clicked, linked and taken away. */
import { describe, expect, it } from "vitest";
import { createNetworkModel } from "../../web/client/data/network-model.ts";
import { showBusy } from "../../web/client/data/network-words.ts";
import { showBytes } from "../../web/client/data/si.ts";
import { show } from "../../web/client/format.ts";
import { decodeNetworkState } from "../../web/client/network/state.ts";
import { library } from "../support/library.ts";
import { expectFits } from "./layout-check.ts";
import { parameter, plain, savedPanel, title } from "./read-page.ts";
import { serveForTests, settle } from "./served-page.ts";

const served = serveForTests();
const { onPage } = served;

const model = createNetworkModel(library.documents.machine);
const pictureOf = (query: string) => {
  const { tables: _, theme: __, ...wish } = decodeNetworkState(query).state;
  return model.show(wish);
};

const perlmutter = "?view=network&machine=perlmutter&nodes=64&place=fragmented&algorithm=ring";

describe("a machine", () => {
  it("is drawn whole, with loads, capacities and times that are the model's", () =>
    onPage(perlmutter, async (page) => {
      const picture = pictureOf(perlmutter);
      expect(plain(await page.locator("h1").textContent())).toBe(plain(`All-reduce of 256 MiB on 64 nodes of Perlmutter, GPU nodes with 40 GB: ${show(picture.time_s, "time")}`));
      expect(await page.locator('#map .mark[data-series="places"]').count()).toBe(12);
      const rows = await page.locator("#busiest tbody tr").evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
      expect(rows.map((cells) => cells.slice(2, 6).map(plain))).toEqual(picture.classes.flatMap(({ fullest: [link] }) => (link ? [[showBytes(Math.round(link.carried_bytes)), show(link.capacity_bytes_per_s, "bandwidth"), show(link.carried_bytes / link.capacity_bytes_per_s, "time"), showBusy(link.used)].map(plain)] : [])));
      const loads = await page.locator('#map .mark[data-series="places"]').evaluateAll((all) => all.map((mark) => mark.getAttribute("aria-label")));
      const most = picture.loads[0]?.own ?? new Float32Array();
      loads.forEach((text, group) => expect(plain(text)).toContain(`its fullest link ${plain(showBusy(most[group] ?? 0))}`));
    }));

  it("is entered by click and key down to the links of a node, and left again", () =>
    onPage(perlmutter, async (page) => {
      await page.locator('[data-key="place:1.3"] .hover').click({ position: { x: 4, y: 4 } });
      await settle(page);
      expect(parameter(page, "at")).toBe("1.3");
      await page.locator("#map .mark[tabindex='0']").focus();
      await page.keyboard.press("Enter");
      await settle(page);
      expect(parameter(page, "at")).toBe("2.96");
      await page.keyboard.press("Shift+A");
      await settle(page);
      const picture = pictureOf(new URL(page.url()).search);
      expect(await title(page, "map")).toContain(`In node ${picture.wish.at.index}`);
      expect(await page.locator('#map .mark[data-series="items"]').count()).toBeGreaterThan(8);
      expect(await page.locator("#map .mark path[stroke='transparent']").count()).toBe(6 + 4 + 4);
      for (const at of ["2", "1", null]) {
        await page.keyboard.press("Backspace");
        await settle(page);
        expect(parameter(page, "at")?.slice(0, 1) ?? null).toBe(at);
      }
    }));

  it("is another one by its name, with a collective and a size of its own, and the address says all of it", () =>
    onPage(perlmutter, async (page) => {
      await page.locator('[data-key="machine"]').selectOption("eos");
      await settle(page);
      await page.locator('[data-key="nodes"]').fill("64");
      await page.locator('[data-key="nodes"]').press("Tab");
      await settle(page);
      await page.locator('[data-key="algorithm"]').selectOption("all-to-all-hierarchical");
      await settle(page);
      await page.locator('[data-key="size"]').fill("1 GiB");
      await page.locator('[data-key="size"]').press("Tab");
      await settle(page);
      const query = new URL(page.url()).search;
      expect([...new URLSearchParams(query)]).toEqual([["view", "network"], ["machine", "eos"], ["nodes", "64"], ["place", "fragmented"], ["algorithm", "all-to-all-hierarchical"], ["size", "1 GiB"]]);
      const heading = plain(await page.locator("h1").textContent());
      expect(heading).toBe(plain(`All-to-all of 1 GiB on 64 nodes of Eos, DGX H100 SuperPOD: ${show(pictureOf(query).time_s, "time")}`));
      await onPage(query, async (again) => expect(plain(await again.locator("h1").textContent())).toBe(heading));
    }));

  it("with a hundred thousand nodes is followed in the worker with progress, and can be stopped", () =>
    onPage(perlmutter, async (page) => {
      const before = plain(await page.locator("h1").textContent());
      await page.locator('[data-key="machine"]').selectOption("fugaku");
      await page.locator('.working [data-key="stop"]').waitFor();
      expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toMatch(/^\d+$/);
      await page.locator('.working [data-key="stop"]').click();
      await settle(page);
      expect(await page.locator(".working").isHidden()).toBe(true);
      expect(plain(await page.locator("h1").textContent())).toBe(before);
      expect(parameter(page, "machine")).toBe("perlmutter");
      await page.keyboard.press("x");
      await settle(page);
      expect(parameter(page, "to")).toBe("0");
    }));
});

describe("the way between two ranks", () => {
  it("is link by link that of the graph, with latency and the narrowest bandwidth", () =>
    onPage("?view=network&machine=selene&nodes=40&from=3&to=170", async (page) => {
      const { route } = pictureOf("?view=network&machine=selene&nodes=40&from=3&to=170");
      expect(await title(page, "route")).toBe(plain(`Rank 3 to 170: ${route.length} links, ${show(route.reduce((sum, { latency_s }) => sum + latency_s, 0), "time")}, ${show(Math.min(...route.map(({ capacity_bytes_per_s }) => capacity_bytes_per_s)), "bandwidth")}`));
      expect(await page.locator("#route .mark").count()).toBe(route.length);
      await page.locator("#route .tool").filter({ hasText: "Table" }).click();
      const cells = await page.locator("#route tbody tr").evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].slice(0, 3).map((cell) => cell.textContent)));
      expect(cells).toEqual(route.map(({ kind, from, to }) => [kind, from, to]));
    }));

  it("is set by clicks on the map and by typing; the same rank twice is said", () =>
    onPage("?view=network&machine=selene&nodes=40", async (page) => {
      await page.locator('[data-key="click:from"]').click();
      await page.locator('[data-key="place:2.5"]').click();
      await settle(page);
      expect(parameter(page, "from")).toBe("40");
      await page.locator('[data-key="place:2.30"]').click();
      await settle(page);
      expect(parameter(page, "to")).toBe("240");
      await page.locator('[data-key="to"]').fill("40");
      await page.locator('[data-key="to"]').press("Tab");
      await settle(page);
      expect(await title(page, "route")).toContain("Both ranks are the same");
    }));
});

it("leaves as a picture with its address and as the numbers that are drawn", () =>
  onPage(perlmutter, async (page) => {
    const map = await savedPanel(page, "map", "SVG");
    expect(map.name).toMatch(/^exatwin-network-perlmutter-map-[0-9a-f]{7}\.svg$/);
    expect(map.text).toContain("Address: ?view=network");
    expect(map.text).not.toContain("var(--");
    expect(map.text.length).toBeLessThan(600_000);
    const busiest = await savedPanel(page, "busiest", "CSV");
    const picture = pictureOf(perlmutter);
    const lines = busiest.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.length).toBe(1 + picture.classes.reduce((sum, { fullest }) => sum + fullest.length, 0));
    expect(lines[1]).toContain(`,${Number(((picture.classes[0]?.fullest[0]?.carried_bytes ?? 0) / 2 ** 20).toPrecision(6))},`);
  }));

describe("what is wrong", () => {
  it("with an address is told all at once, with the nearest name and a way on", () =>
    onPage("?view=network&machine=perlmuter&nods=4&place=paked", async (page) => {
      const text = plain(await page.locator(".problems").textContent());
      for (const words of ['did you mean "perlmutter"?', 'did you mean "nodes"?', 'did you mean "packed"?']) expect(text).toContain(words);
      await page.locator(".problems .link").click();
      await page.locator("#map svg").waitFor();
      expect(await page.locator(".problems").count()).toBe(0);
    }));

  it("with a job is told beside the result that stays, and taken back", () =>
    onPage("?view=network&machine=eos&nodes=32", async (page) => {
      await page.locator('[data-key="nodes"]').fill("577");
      await page.locator('[data-key="nodes"]').press("Tab");
      await settle(page);
      expect(plain(await page.locator(".problems").textContent())).toContain("at most 576");
      expect(await page.locator("#map svg").count()).toBe(1);
      await page.locator(".problems .link").click();
      await settle(page);
      expect(await page.locator('[data-key="nodes"]').inputValue()).toBe("32");
      expect(await page.locator(".problems").count()).toBe(0);
    }));
});

it("a machine whose device has no kernel constants is marked before it is chosen, and what it lacks is said where it cannot be predicted", () =>
  onPage("?v=1&machine=frontier&workload=deeplabv3plus-climate-2018&plan=climate-2018-summit-fp16&stack=tensorflow-horovod-2018", async (page) => {
    expect(plain(await page.locator(".problems").textContent())).toContain("no kernel calibration of mi250x-gcd for fp16");
    expect(plain(await page.locator(".state-note").textContent())).toContain("Frontier: no kernel constants of mi250x-gcd.");
    await page.locator(".problems .link").click();
    const machine = page.locator("#compose-machine");
    expect(await machine.locator("optgroup option[value=frontier]").count()).toBe(1);
    expect(await machine.locator("optgroup option[value=summit]").count()).toBe(0);
    const warning = page.locator("dialog [role=status]");
    expect(await warning.textContent()).toContain("no kernel constants of mi250x-gcd");
    await machine.selectOption("summit");
    expect(await warning.textContent()).toBe("");
    await page.keyboard.press("Escape");
    await page.locator(".state-note").getByText("Its network can be drawn").click();
    await page.locator("#map svg").waitFor();
    expect(parameter(page, "machine")).toBe("frontier");
  }));

it("is reached from the other pages, in one bar, and loads only its own scripts", () =>
  onPage("?view=calibrate", async (page) => {
    await page.getByRole("navigation", { name: "Views" }).getByText("Network").click();
    await page.locator("#map svg").waitFor();
    expect(await page.locator("nav a[aria-current]").textContent()).toBe("Network");
    const scripts = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js") && !name.includes("worker")).map((entry) => (entry as PerformanceResourceTiming).decodedBodySize));
    expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(220_000);
  }));

it.each(["summit&nodes=512&place=random", "frontier&nodes=256&at=1.3", "tpu-v4-pod&at=2.5", "selene&nodes=128&place=strided", "gb200-nvl72-20-racks&at=2.5", "piz-daint&nodes=600&place=fragmented"])("%s: no texts overlap and nothing is wider than the window, at every width, in both themes", async (machine) => {
  const { page, faults, close } = await served.open(`?view=network&machine=${machine}`, { colorScheme: "light" });
  try {
    await expectFits(page, { charts: 2, texts: 20 });
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});
