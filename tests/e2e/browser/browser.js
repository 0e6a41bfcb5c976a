// A browser for tests: takes one JSON command on each line of standard input, answers each with a line of output.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const pages = new Map();

const COMMANDS = {
  async open(_, { id, options }) {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    context.setDefaultTimeout(15_000);
    await newPage(id, context);
  },
  // Another tab of the same person.
  async tab(page, { other }) {
    await newPage(other, page.context());
  },
  async goto(page, { url }) {
    await page.goto(url);
  },
  async reload(page) {
    await page.reload();
  },
  async click(page, { role, name, double }) {
    const found = page.getByRole(role, { name }).first();
    if (double) await found.dblclick();
    else await found.click();
  },
  async fill(page, { label, value }) {
    await page.getByLabel(label, { exact: true }).fill(value);
  },
  async press(page, { key }) {
    await page.keyboard.press(key);
  },
  async attach(page, { label, path }) {
    await page.getByLabel(label, { exact: true }).setInputFiles(path);
  },
  async sees(page, { text }) {
    await page.getByText(text).filter({ visible: true }).first().waitFor();
  },
  async misses(page, { text }) {
    await page.getByText(text).filter({ visible: true }).first().waitFor({ state: "hidden" });
  },
  async at(page, { url }) {
    await page.waitForURL(url);
  },
  // What a page asks still arrives, and is done; the answer gets lost.
  async loseAnswers(page, { of }) {
    await page.route(of, async (route) => {
      await route.fetch();
      await route.abort();
    });
  },
  async getAnswers(page, { of }) {
    await page.unroute(of);
  },
  // A request of the page's own, which nothing in it knows of.
  async ask(page, { method, path, body }) {
    return page.evaluate(
      async ([method, path, body]) => {
        const headers = { "Content-Type": "application/json" };
        return (await fetch(path, { method, headers, body: JSON.stringify(body) })).status;
      },
      [method, path, body],
    );
  },
  // Waits until everything that was asked for has come.
  async settles(page) {
    await page.getByText("Loading", { exact: true }).first().waitFor({ state: "detached" });
  },
  async cookies(page, { keep }) {
    const context = page.context();
    const kept = (await context.cookies()).filter((cookie) => keep.includes(cookie.name));
    await context.clearCookies();
    await context.addCookies(kept);
  },
  async cookieNames(page) {
    return (await page.context().cookies()).map((cookie) => cookie.name).sort();
  },
  async screenshot(page, { path }) {
    await page.screenshot({ path });
  },
  // What axe finds, of what people would be kept out by.
  async judge(page, { scheme }) {
    await page.emulateMedia({ colorScheme: scheme });
    // Not as a script of the page's, which its policy does not let in.
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
    // Dark differs from light in its colors alone.
    const options = scheme === "dark" ? { runOnly: ["color-contrast"] } : { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] };
    const { violations } = await page.evaluate((how) => globalThis.axe.run(how), options);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  },
  // What the page complained of, its policy's refusals included.
  async complaints(page) {
    return page.complaints;
  },
  async close(page) {
    await page.context().close();
  },
};

async function newPage(id, context) {
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  pages.set(id, page);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...command } = JSON.parse(line);
  try {
    const answer = await COMMANDS[name](pages.get(command.id), command);
    console.log(JSON.stringify({ answer: answer ?? null }));
  } catch (error) {
    const shown = await pages.get(command.id)?.locator("body").innerText().catch(() => "");
    console.log(JSON.stringify({ error: `${error.message}\n\nThe page shows:\n${(shown ?? "").slice(0, 1500)}` }));
  }
}
await browser.close();
