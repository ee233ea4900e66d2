// Drives the real server with the real browser. Every check is a claim; the last line counts them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { ADDRESS, SCREENS, CHROMIUM, LOG } = process.env;
let passed = 0;
const failures = [];

async function claim(text, check) {
  try {
    const found = await check();
    if (found === false) throw new Error("it is not so");
    passed += 1;
    console.log(`ok    ${text}`);
  } catch (error) {
    failures.push(text);
    console.log(`FAIL  ${text}\n      ${String(error.message).split("\n").slice(0, 6).join("\n      ")}`);
  }
}

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function person(role, width = 1280) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  page.on("pageerror", (error) => page.problems.push(error.message));
  await page.goto(`${ADDRESS}/`);
  if (role !== null) {
    await page.getByRole("button", { name: role, exact: true }).click();
    await page.getByRole("navigation", { name: "Sections" }).waitFor();
  }
  return page;
}

async function settled(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.querySelector(".ct-skeleton") === null && document.querySelector("h1") !== null);
  // A page that draws nothing has not settled: something under the heading must be there.
  await page.waitForFunction(() => (document.querySelector("main")?.innerText.length ?? 0) > 60);
}

async function axe(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  if (result.violations.length > 0)
    throw new Error(result.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}) ${v.nodes[0]?.html.slice(0, 160)} ${v.nodes[0]?.failureSummary?.split("\n")[1] ?? ""}`).join("\n"));
}

const pages = [
  ["start", "/"],
  ["feeds", "/data/feeds"],
  ["population", "/population"],
  ["population-place", "/population?place=luton"],
  ["cohorts", "/population/cohorts"],
  ["cohort-new", "/population/cohorts/new"],
  ["measures", "/measures"],
  ["measure-condition", "/measures/register-hypertension"],
  ["measure-rate", "/measures/emergency-attendances?place=luton&basis=resident"],
  ["inequalities", "/inequalities"],
  ["inequalities-ethnicity", "/inequalities?by=ethnicity&place=luton"],
  ["scorecard", "/scorecard"],
  ["places", "/places"],
  ["place-profile", "/places/luton"],
  ["who-is-who", "/governance/who-is-who"],
  ["priorities", "/governance/priorities"],
  ["services", "/governance/services"],
];

// What the roles are called is the server's business: the sign-in page lists them.
const first = await person(null);
await first.locator(".ct-card__button").first().waitFor();
const roles = await first.locator(".ct-card__button").allInnerTexts();
const named = (word) => roles.find((role) => role.toLowerCase().includes(word)) ?? roles[0];
const analyst = named("analyst");
const clinician = named("professional");
const steward = named("steward");
await claim("the sign-in page offers every demonstration role", () => roles.length >= 6);
await claim("the sign-in page has no axe finding", () => axe(first));
await first.screenshot({ path: `${SCREENS}/sign-in-1280.png`, fullPage: true });
await claim("a wrong password is refused in words that say what to do", async () => {
  await first.getByLabel("Name").fill("nobody");
  await first.getByLabel("Password").fill("wrong");
  await first.getByRole("button", { name: "Sign in" }).click();
  await first.getByRole("alert").waitFor();
  return /do not match/.test(await first.getByRole("alert").innerText());
});
await first.context().close();

for (const width of [1280, 375]) {
  const page = await person(analyst, width);
  for (const [name, path] of pages) {
    await claim(`${name} at ${width} px draws, has no axe finding, one h1, the synthetic strip, no sideways scroll`, async () => {
      page.problems.length = 0;
      await page.goto(ADDRESS + path);
      await settled(page);
      await page.screenshot({ path: `${SCREENS}/${name}-${width}.png`, fullPage: true });
      const alert = page.locator('main [role="alert"]');
      if ((await alert.count()) > 0) throw new Error(`the page says: ${await alert.first().innerText()}`);
      if ((await page.locator("h1").count()) !== 1) throw new Error("not one h1");
      if (!(await page.getByText("Synthetic data: not real people or performance").first().isVisible())) throw new Error("no synthetic strip");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 1) throw new Error(`${wide} px of sideways scroll`);
      await axe(page);
      if (page.problems.length > 0) throw new Error(page.problems.join("\n"));
    });
  }
  if (width === 1280) {
    await claim("high contrast has no axe finding and is remembered", async () => {
      await page.goto(`${ADDRESS}/`);
      await settled(page);
      await page.getByRole("button", { name: "Change contrast" }).click();
      await page.reload();
      await settled(page);
      await page.screenshot({ path: `${SCREENS}/start-contrast.png`, fullPage: true });
      await axe(page);
      await page.getByRole("button", { name: "Change contrast" }).click();
    });
  }
  await page.context().close();
}

const page = await person(analyst);
await claim("pages work at 320 px without sideways scroll", async () => {
  await page.setViewportSize({ width: 320, height: 800 });
  for (const [, path] of pages) {
    await page.goto(ADDRESS + path);
    await settled(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 1) throw new Error(`${path}: ${wide} px`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
});
await claim("a figure's why opens its definition, feeds and who is unseen, by keyboard, and Escape closes it", async () => {
  await page.goto(`${ADDRESS}/`);
  await settled(page);
  const why = page.locator(".ct-figure__why").first();
  await why.focus();
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog[open]");
  await dialog.getByRole("heading", { name: "Who we cannot see" }).waitFor();
  await page.screenshot({ path: `${SCREENS}/why-1280.png` });
  await axe(page);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});
await claim("the first priority can be followed from Start to its measure", async () => {
  await page.goto(`${ADDRESS}/`);
  await settled(page);
  await page.locator(".ct-follow h3 a").click();
  await settled(page);
  await page.screenshot({ path: `${SCREENS}/measure-1280.png`, fullPage: true });
  await axe(page);
  return /MMR/i.test(await page.locator("h1").innerText());
});
await claim("back returns to where one was", async () => {
  await page.goBack();
  await settled(page);
  return new URL(page.url()).pathname === "/";
});
await claim("search finds a place from the header", async () => {
  await page.getByRole("combobox").fill("Luton");
  await page.locator(".ct-search__hits a").first().waitFor();
  await page.locator(".ct-search__hits a").first().click();
  await settled(page);
  return !page.url().endsWith("/");
});
await claim("a feed opens to receipts, fields and findings", async () => {
  await page.goto(`${ADDRESS}/data/feeds`);
  await settled(page);
  await page.locator("tbody th a").first().click();
  await settled(page);
  await page.getByRole("heading", { name: "Receipts" }).waitFor();
  await page.screenshot({ path: `${SCREENS}/feed-1280.png`, fullPage: true });
  await axe(page);
  const shares = (await page.locator("main").innerText()).match(/[\d,.]+%/g) ?? [];
  if (shares.length < 4 || shares.some((text) => Number(text.replace(/[,%]/g, "")) > 100)) throw new Error(`shares read ${shares.slice(0, 8).join(" ")}`);
});
await claim("a finding leads to its rows: file, line, column and kind of value, never the value, a page at a time", async () => {
  await page.goto(`${ADDRESS}/data/feeds/gp_tpp_observation`);
  await settled(page);
  await page.getByRole("region", { name: "Findings by rule" }).locator("tbody th button").first().click();
  await settled(page);
  const rows = page.getByRole("region", { name: "Rows, by file and line" });
  await rows.locator("tbody tr").first().waitFor();
  const text = await rows.locator("tbody tr").first().innerText();
  if (!/gp-tpp\/.*SRCode\.csv/.test(text) || !/character|no value/.test(text)) throw new Error(text);
  if ((await rows.locator("code").count()) > 0 || (await rows.getByText("Row as received").count()) > 0) throw new Error("an analyst sees rejected values");
  if ((await rows.locator("tbody tr").count()) > 20) throw new Error("more than a page");
  const first = await rows.locator("tbody tr").first().innerText();
  await page.getByRole("button", { name: "Later rows" }).click();
  await page.getByText(/^21 to /).waitFor();
  if ((await rows.locator("tbody tr").first().innerText()) === first) throw new Error("the next page shows the same row");
  await page.screenshot({ path: `${SCREENS}/finding-rows-1280.png`, fullPage: true });
  await axe(page);
});
await claim("a late quarter is named on Start, on Feeds and with its partner on its feed", async () => {
  await page.goto(`${ADDRESS}/`);
  await settled(page);
  const lead = await page.locator(".ct-lead").innerText();
  if (!/synthetic residents standing for/.test(lead) || !/one practice missing/.test(lead) || !/one quarter late/.test(lead)) throw new Error(lead);
  await page.goto(`${ADDRESS}/data/feeds/cld`);
  await settled(page);
  return /Milton Keynes City Council has not sent the quarter to March 2026/.test(await page.locator(".ct-lead").innerText());
});
await claim("the first priority's number opens to its rule, its feeds and who is unseen, opted-out residents among them", async () => {
  await page.goto(`${ADDRESS}/`);
  await settled(page);
  await page.locator(".ct-follow .ct-figure__why").first().click();
  const dialog = page.locator("dialog[open]");
  await dialog.getByRole("heading", { name: "Who we cannot see" }).waitFor();
  const text = await dialog.innerText();
  if (!/two doses 28 days or more apart/.test(text) || !/Whoever opted out of planning and research/.test(text) || !/Opted out of planning and research/.test(text) || !/Vaccinations recorded by practices/.test(text)) throw new Error(text.slice(0, 900));
  await page.keyboard.press("Escape");
});
await claim("a measure shows its trend, gaps, practices and definition, and its charts are moved through by keyboard", async () => {
  await page.goto(`${ADDRESS}/measures/register-hypertension`);
  await settled(page);
  for (const heading of ["Is it fair?", "Is it getting better?", "Practices", "Small areas", "Definition", "Who we cannot see"]) await page.getByRole("heading", { name: heading, exact: true }).waitFor();
  const months = page.locator("section", { has: page.getByRole("heading", { name: "Is it getting better?" }) });
  await months.locator(".ct-spc").first().focus();
  if (!/\d{4}: [\d.]+ %/.test(await months.locator(".ct-map__told").innerText())) throw new Error(await months.locator(".ct-map__told").innerText());
  await months.getByRole("button", { name: "Show as a table" }).click();
  if ((await months.locator("tbody tr").count()) !== 13) throw new Error(`${await months.locator("tbody tr").count()} months`);
  await page.getByRole("button", { name: "Living here" }).click();
  await settled(page);
  if (!/basis=resident/.test(page.url())) throw new Error(page.url());
});
await claim("two groups are crossed on a measure's page, in numbers with intervals, with a table behind the grid, on a phone too", async () => {
  await page.goto(`${ADDRESS}/measures/register-hypertension`);
  await settled(page);
  const section = page.locator("section", { has: page.getByRole("heading", { name: "Two groups at once", exact: true }) });
  const chart = section.locator("figure.ct-chart", { has: page.getByText("by age and sex") });
  const drawn = await chart.locator("svg .ct-heat").count();
  if (drawn < 20) throw new Error(`${drawn} cells`);
  if (!/[\d.]+%[\d.]+ to [\d.]+/.test(await chart.locator("svg").textContent())) throw new Error(await chart.locator("svg").textContent());
  await chart.getByRole("button", { name: "Show as a table" }).click();
  if ((await chart.locator("tbody tr").count()) !== drawn) throw new Error(`${await chart.locator("tbody tr").count()} rows`);
  await chart.getByRole("button", { name: "Show the chart" }).click();
  for (const kind of ["CSV", "SVG", "PNG"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), chart.getByRole("button", { name: new RegExp(`as ${kind}$`) }).click()]);
    if (readFileSync(await download.path()).length < 500) throw new Error(kind);
  }
  await page.setViewportSize({ width: 375, height: 900 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) throw new Error(`${wide} pixels too wide`);
  await axe(page);
  await page.setViewportSize({ width: 1280, height: 900 });
});
await claim("measures are grouped by priority, with variation in words and one link each", async () => {
  await page.goto(`${ADDRESS}/measures`);
  await settled(page);
  for (const priority of ["Start well", "Live well", "Age well", "Reducing inequalities"]) await page.getByRole("heading", { name: priority, exact: true }).waitFor();
  const links = await page.locator(".ct-measures tbody th a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  if (links.length < 90 || new Set(links).size !== links.length) throw new Error(`${links.length} links, ${new Set(links).size} measures`);
});
await claim("a place profile says what stands out in a sentence with its figures, and downloads as CSV with the notice", async () => {
  await page.goto(`${ADDRESS}/places/luton`);
  await settled(page);
  if (!/Luton stands out from the whole area on (none|\d+) of \d+ measures/.test(await page.locator(".ct-lead").innerText())) throw new Error(await page.locator(".ct-lead").innerText());
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download as CSV" }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  if (!text.startsWith("# Synthetic data") || text.split("\n").length < 90) throw new Error(text.slice(0, 200));
});
await claim("figures that stand from the publication before have a mark and its meaning on the profile, the scorecard and the inequalities page", async () => {
  const why = "The figures of March 2026 are those published before.";
  const mark = (data) => JSON.parse(JSON.stringify(data), (key, value) => (key === "held_back" ? why : value));
  const routes = [["places/luton/profile", "/places/luton"], ["scorecard", "/scorecard"], ["inequalities", "/inequalities"]];
  for (const [route, address] of routes) {
    await page.goto(`${ADDRESS}${address}`);
    await settled(page);
    if ((await page.locator(".ct-heldback").count()) !== 0) throw new Error(`${address} marks what is not held back`);
    const answers = new RegExp(`/api/v1/${route}(\\?|$)`);
    await page.route(answers, async (asked) => {
      const answer = await asked.fetch();
      await asked.fulfill({ response: answer, json: mark(await answer.json()) });
    });
    await page.reload();
    await settled(page);
    await page.getByText(/the figures of \d+ of \d+ measures are those of the last publication/).waitFor();
    if ((await page.locator(`.ct-heldback[title="${why}"]`).count()) < 10) throw new Error(`${address} has ${await page.locator(".ct-heldback").count()} marks`);
    await axe(page);
    await page.unroute(answers);
  }
});
await claim("a condition is drawn by neighbourhood with the whole area beside it, in the map's table too", async () => {
  await page.goto(`${ADDRESS}/population?measure=register-hypertension&by=neighbourhood`);
  await settled(page);
  await page.locator(".ct-hex").first().waitFor();
  const chart = page.locator("figure.ct-chart", { has: page.locator(".ct-hex") });
  if (!/neighbourhoods of the whole area/i.test(await chart.locator(".ct-chart__title").innerText())) throw new Error(await chart.locator(".ct-chart__title").innerText());
  await chart.getByRole("button", { name: "Show as a table" }).click();
  await page.getByRole("columnheader", { name: "Against the whole area" }).waitFor();
  await axe(page);
});
await claim("addresses with wrong parts are answered in words", async () => {
  for (const path of ["/data/feeds/nothing", "/population?place=nowhere", "/population?measure=nothing", "/measures/nothing", "/places/nowhere", "/inequalities?by=shoe", "/measures/register-hypertension?index=1066", "/governance/who-is-who?body=nothing"]) {
    await page.goto(ADDRESS + path);
    await settled(page);
    const alert = page.locator('main [role="alert"]').first();
    await alert.waitFor();
    if ((await alert.innerText()).length < 20) throw new Error(`${path}: ${await alert.innerText()}`);
  }
});
await claim("registers of conditions on the population page are the measures' own figures", async () => {
  await page.goto(`${ADDRESS}/population?place=luton`);
  await settled(page);
  const chart = page.locator("figure.ct-chart", { has: page.getByText("Prevalence in Luton, %") });
  await chart.getByRole("button", { name: "Show as a table" }).click();
  const row = chart.locator("tbody tr", { hasText: "Known to have high blood pressure" });
  const here = (await row.innerText()).match(/[\d.]+%/)[0];
  await page.goto(`${ADDRESS}/measures/register-hypertension?place=luton`);
  await settled(page);
  const there = await page.locator(".ct-figure__value").first().innerText();
  if (!there.includes(here)) throw new Error(`${here} and ${there}`);
});
await claim("head counts that are as published before say so on the population page, at its head and beside each", async () => {
  const why = "The figures of March 2026 are those published before.";
  await page.goto(`${ADDRESS}/population?place=luton`);
  await settled(page);
  if ((await page.locator(".ct-heldback").count()) !== 0) throw new Error("the page marks what is not held back");
  const answers = /\/api\/v1\/population(\?|$)/;
  await page.route(answers, async (asked) => {
    const answer = await asked.fetch();
    await asked.fulfill({ response: answer, json: JSON.parse(JSON.stringify(await answer.json()), (key, value) => (key === "held_back" ? why : value)) });
  });
  await page.reload();
  await settled(page);
  await page.getByText("They are tried again with the next snapshot.").waitFor();
  if ((await page.locator(`.ct-heldback[title="${why}"]`).count()) < 5) throw new Error(`${await page.locator(".ct-heldback").count()} marks`);
  await axe(page);
  await page.unroute(answers);
});
await claim("the map is moved through with arrow keys", async () => {
  await page.goto(`${ADDRESS}/population`);
  await settled(page);
  await page.locator(".ct-hex").first().waitFor();
  await page.locator('.ct-hex[tabindex="0"]').focus();
  await page.keyboard.press("ArrowRight");
  const a = await page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press("ArrowDown");
  return a !== (await page.evaluate(() => document.activeElement?.id));
});
await claim("a chart has its table", async () => {
  await page.getByRole("button", { name: "Show as a table" }).first().click();
  await page.locator(".ct-chart table").first().waitFor();
});
await claim("every body stands in the picture once, councils and Healthwatch too, and again in words", async () => {
  await page.goto(`${ADDRESS}/governance/who-is-who`);
  await settled(page);
  const names = (await page.locator(".ct-body").evaluateAll((all) => all.map((one) => one.textContent.trim().replace(/\s+/g, " ")))).sort();
  const twice = names.filter((name, i) => name === names[i + 1]);
  if (twice.length > 0) throw new Error(`twice: ${twice.join(", ")}`);
  if (names.filter((name) => /Council$/.test(name)).length !== 4 || names.filter((name) => /^Healthwatch/.test(name)).length !== 4) throw new Error(names.join(" | "));
  await page.getByText("The same in words").waitFor();
  await page.getByRole("button", { name: "Who pays whom" }).click();
  if ((await page.locator(".ct-line--pays").count()) < 5) throw new Error("no line of money is drawn");
});
await claim("choosing a body lights up what it is for", async () => {
  await page.goto(`${ADDRESS}/governance/who-is-who`);
  await settled(page);
  await page.locator(".ct-body", { hasText: "Care board" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "How it stands to others" }).waitFor();
  await page.screenshot({ path: `${SCREENS}/body-1280.png`, fullPage: true });
  await axe(page);
});
await claim("a cohort is built from clauses, tried on made-up people, counted over everyone by month and group, and exported", async () => {
  await page.goto(`${ADDRESS}/population/cohorts/new`);
  await page.getByText("Everyone alive and registered who is: on the register of Diabetes mellitus").waitFor();
  await page.getByLabel("Title").fill("Diabetes with no HbA1c in a year");
  await page.getByLabel("Add a clause", { exact: true }).selectOption("event");
  await page.getByText("Choose a codelist", { exact: false }).last().waitFor();
  await page.getByLabel("What was recorded").selectOption("hba1c");
  await page.getByLabel("must not be so").nth(2).check();
  await page.locator(".ct-cohort__words", { hasText: "and not Glycated haemoglobin in the last 12 months" }).waitFor();
  await page.getByRole("button", { name: "Make people for it" }).click();
  const made = page.getByRole("region", { name: "Made-up people" });
  await made.getByText("✓ in").first().waitFor();
  if ((await made.getByText("✗ out").count()) < 3) throw new Error(await made.innerText());
  await page.getByRole("button", { name: "Count it over everyone" }).click();
  await page.getByText(/Counted in [\d.]+ seconds/).waitFor({ timeout: 60000 });
  for (const split of ["By sex", "By age", "By place of residence", "By deprivation"]) await page.getByText(split).first().waitFor();
  await page.screenshot({ path: `${SCREENS}/cohort-counted-1280.png`, fullPage: true });
  await axe(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download as CSV", exact: true }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  if (!text.startsWith("# Synthetic data") || !/^month,2026-03,/m.test(text) || !/^deprivation,/m.test(text)) throw new Error(text.slice(0, 300));
});
await claim("a cohort's CQL is corrected from its faults by keyboard: marked in the text, line, column and likely fix", async () => {
  await page.getByRole("button", { name: "Change it as CQL" }).click();
  const field = page.getByLabel("The cohort in Clinical Quality Language");
  const good = await field.inputValue();
  await field.fill(good.replace('Record."Age"', 'Record."Agee"'));
  await page.getByText("Did you mean \"Age\"?").waitFor();
  if ((await page.locator(".ct-cql__back mark").innerText()) !== '"Agee"') throw new Error(await page.locator(".ct-cql__back mark").innerText());
  if (!(await page.getByRole("button", { name: "Count it over everyone" }).isDisabled())) throw new Error("what is wrong can be counted");
  await axe(page);
  await page.getByRole("button", { name: /^Line \d+, column \d+$/ }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type('"Age"');
  await page.getByText("No fault found").waitFor();
  if ((await field.inputValue()) !== good) throw new Error("the fault was not put right where it stood");
  await page.getByLabel("Find a codelist, table, element or definition").fill("warfarin, anticoag");
  await page.getByLabel("Find a codelist, table, element or definition").fill("anticoag");
  await field.evaluate((one) => one.setSelectionRange(one.value.length, one.value.length));
  await page.getByRole("button", { name: "Oral anticoagulants" }).click();
  const now = await field.inputValue();
  if (!now.includes("valueset \"Oral anticoagulants\": 'codelist:anticoagulant'") || !now.trimEnd().endsWith('[MedicationRequest: "Oral anticoagulants"]')) throw new Error(now.slice(-200));
  await field.fill(good);
  await page.getByText("No fault found").waitFor();
});
await claim("a kept cohort has an address with its version, which opens again, and what was typed survives a reload", async () => {
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByText(/^Version \d+, kept by/).waitFor();
  if (!/\/population\/cohorts\/diabetes-with-no-hba1c-in-a-year\?version=\d+/.test(page.url())) throw new Error(page.url());
  await page.getByLabel("Title").fill("Diabetes, HbA1c overdue");
  await page.waitForTimeout(600);
  await page.reload();
  await settled(page);
  if ((await page.getByLabel("Title").inputValue()) !== "Diabetes, HbA1c overdue") throw new Error(await page.getByLabel("Title").inputValue());
  await page.goto(`${ADDRESS}/population/cohorts`);
  await page.getByRole("region", { name: "Kept cohorts" }).getByRole("link", { name: "Diabetes with no HbA1c in a year" }).click();
  await page.getByText(/^Version \d+, kept by/).waitFor();
});
await claim("why a measure changed is split into causes, drawn and in a table, between two months", async () => {
  await page.goto(`${ADDRESS}/measures/register-hypertension`);
  await settled(page);
  const section = page.locator("section", { has: page.getByRole("heading", { name: "Why did this change?" }) });
  await section.getByRole("button", { name: "Compare who was counted" }).click();
  await section.getByText("Real change", { exact: true }).first().waitFor();
  await section.screenshot({ path: `${SCREENS}/measure-change-1280.png` });
  await section.getByRole("button", { name: "Show as a table" }).click();
  if ((await section.locator("tbody tr").count()) !== 7) throw new Error(`${await section.locator("tbody tr").count()} rows`);
  await section.getByLabel("Compare the latest month with").selectOption({ index: 0 });
  await settled(page);
  if (!/from=/.test(page.url())) throw new Error(page.url());
});
await claim("chosen places are held against one another with the interval of their difference, and the address keeps the choice", async () => {
  await page.goto(`${ADDRESS}/measures/register-hypertension`);
  await settled(page);
  await page.getByLabel("Hold", { exact: true }).selectOption({ label: "Luton" });
  for (const other of ["Bedford", "Milton Keynes"]) await page.getByLabel("Against", { exact: true }).selectOption({ label: other });
  await page.reload();
  await settled(page);
  const section = page.locator("section", { has: page.getByRole("heading", { name: "Compare chosen ones" }) });
  await section.screenshot({ path: `${SCREENS}/measure-compare-1280.png` });
  await axe(page);
  const told = {};
  for (const row of await section.locator("tbody tr").all()) {
    const [name, words, difference, interval] = await row.locator("th, td").allInnerTexts();
    told[name] = { words, numbers: `${difference} ${interval}`.replaceAll("−", "-").match(/[+-]?[\d.]+/g).map(Number) };
  }
  await section.getByRole("button", { name: "Show as a table" }).click();
  const shown = {};
  for (const row of await section.locator("figure tbody tr").all()) {
    const [name, ...cells] = await row.locator("th, td").allInnerTexts();
    shown[name] = cells.slice(0, 3).map((cell) => parseFloat(cell));
  }
  const [value, low, high] = shown.Luton;
  for (const other of ["Bedford", "Milton Keynes"]) {
    const [theirs, least, most] = shown[other];
    const expected = [value - theirs, value - theirs - Math.sqrt((value - low) ** 2 + (most - theirs) ** 2), value - theirs + Math.sqrt((high - value) ** 2 + (theirs - least) ** 2)];
    const verdict = expected[1] > 0 ? "higher" : expected[2] < 0 ? "lower" : "no clear difference";
    if (told[other].numbers.some((number, i) => !(Math.abs(number - expected[i]) < 0.2))) throw new Error(`${other}: ${JSON.stringify(told[other])}, expected ${expected}`);
    if (Math.min(Math.abs(expected[1]), Math.abs(expected[2])) > 0.2 && told[other].words !== verdict) throw new Error(`${other}: ${told[other].words}, expected ${verdict}`);
  }
  await section.getByRole("button", { name: "Remove Bedford" }).click();
  if ((await section.getByRole("button", { name: "Remove Bedford" }).count()) !== 0) throw new Error("Bedford stays");
  await page.setViewportSize({ width: 375, height: 800 });
  await section.screenshot({ path: `${SCREENS}/measure-compare-375.png` });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  if (wide > 1) throw new Error(`${wide} px of sideways scroll`);
});
await claim("the scorecard shows imported series with source and period, labelled as imported", async () => {
  await page.goto(`${ADDRESS}/scorecard`);
  await settled(page);
  await page.getByText("Imported, not worked out from the record").first().waitFor();
  const text = await page.locator("main").innerText();
  if (!/Fingertips 92517/.test(text) || !/2025-26, synthetic/.test(text)) throw new Error(text.slice(0, 300));
});
await claim("the scorecard shows the plan's lines with owner and standing, for enablers as for priorities", async () => {
  const line = page.getByRole("row", { name: /Treat high blood pressure to its target in every practice/ });
  const text = await line.innerText();
  if (!/where 70\.0% was planned: (behind the plan|ahead of the plan|as planned, or chance explains the difference)\. Next: 77\.0% by March 2027\./.test(text)) throw new Error(text);
  if (!/Integrated Care Board/.test(text) || !/synthetic/.test(text)) throw new Error(text);
  await page.locator("section", { has: page.getByRole("heading", { name: "Workforce" }) }).getByText("Fill vacancies across health and care").first().waitFor();
  await page.goto(`${ADDRESS}/measures/hypertension-to-target`);
  await settled(page);
  await page.locator("path.ct-planned").first().waitFor({ state: "attached" });
});
await claim("an analyst may not search for people, and is told so", async () => {
  await page.goto(`${ADDRESS}/record`);
  await page.getByText("Your role may not search for people").waitFor();
});
await claim("an address that does not exist says so", async () => {
  await page.goto(`${ADDRESS}/no/such/page`);
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
});
await claim("people are made up for CQL written by hand: one in it, others out by one change, each with why", async () => {
  await page.goto(`${ADDRESS}/population/cohorts/new`);
  await settled(page);
  await page.getByRole("button", { name: "Change it as CQL" }).click();
  await page.getByText("No fault found.").waitFor();
  await page.getByRole("button", { name: "Make people for it" }).click();
  const table = page.locator(".ct-scroll[aria-label=\"Made-up people\"]");
  await table.waitFor();
  const text = await table.innerText();
  if (!/✓ in/.test(text) || (text.match(/✗ out/g) ?? []).length < 3) throw new Error(text);
  await table.locator("summary").first().click();
  if (!/Cohort: yes/.test(await table.locator("details").first().innerText())) throw new Error(await table.locator("details").first().innerText());
  await axe(page);
  await page.screenshot({ path: `${SCREENS}/cohort-cql-people-1280.png`, fullPage: true });
  await page.setViewportSize({ width: 375, height: 800 });
  await page.screenshot({ path: `${SCREENS}/cohort-cql-people-375.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  if (wide > 1) throw new Error(`${wide} px of sideways scroll`);
});
await claim("the evidence of a measure is made-up people: one just counted, one just not, each with the rows that decided it", async () => {
  await page.goto(`${ADDRESS}/measures/diabetes-hba1c-at-target`);
  await settled(page);
  await page.getByRole("button", { name: "Show the worked cases" }).click();
  await page.getByText("HbA1c of 58 is at target, 59 is not").waitFor();
  const people = page.locator(".ct-case").first().locator(".ct-case__person");
  if ((await people.count()) !== 2) throw new Error(`${await people.count()} people`);
  const [met, missed] = await people.allInnerTexts();
  if (!/in the numerator\./.test(met) || !/58 mmol\/mol/.test(met) || !/1 June 2025/.test(met)) throw new Error(met);
  if (!/not in the numerator\./.test(missed) || !/HbA1c now: 59/.test(missed)) throw new Error(missed);
  await axe(page);
  await page.screenshot({ path: `${SCREENS}/measure-evidence-1280.png`, fullPage: true });
  await page.setViewportSize({ width: 375, height: 800 });
  await page.screenshot({ path: `${SCREENS}/measure-evidence-375.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  if (wide > 1) throw new Error(`${wide} px of sideways scroll`);
});
await page.context().close();

// Two people at once: a clinician and a steward, each with their own session.
const [doctor, keeper] = await Promise.all([person(clinician), person(steward)]);
await claim("a clinician finds a resident by name and reads the record with its timeline", async () => {
  await doctor.goto(`${ADDRESS}/record`);
  await doctor.getByLabel("NHS number or name").fill("Smith");
  await doctor.getByRole("button", { name: "Search" }).click();
  await doctor.locator("tbody th a").first().waitFor();
  await axe(doctor);
  await doctor.screenshot({ path: `${SCREENS}/resident-search-1280.png`, fullPage: true });
  await doctor.locator("tbody th a").first().click();
  await settled(doctor);
  await doctor.locator(".ct-banner__name").waitFor();
  await doctor.screenshot({ path: `${SCREENS}/resident-1280.png`, fullPage: true });
  await axe(doctor);
  await doctor.setViewportSize({ width: 375, height: 800 });
  await doctor.screenshot({ path: `${SCREENS}/resident-375.png`, fullPage: true });
  await axe(doctor);
  await doctor.setViewportSize({ width: 1280, height: 900 });
});
await claim("the record speaks in words: no bare code stands for a problem, a medicine, a vaccination, a result or an event", async () => {
  const titles = await doctor.locator(".ct-items strong, .ct-series__name").allInnerTexts();
  const events = await doctor.locator(".ct-mark").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
  if (titles.length === 0 || events.length === 0) throw new Error("the record is empty");
  const bare = [...titles, ...events].filter((text) => /(^|: )\d[\d.]{2,}(,|$)/.test(text) || /^[A-Z]\d{2}/.test(text));
  if (bare.length > 0) throw new Error(bare.slice(0, 5).join(" | "));
});
await claim("a clinician sees in which measures a resident counts, and the rows behind one of them with file and line", async () => {
  await doctor.getByRole("button", { name: "Show the measures" }).click();
  const names = doctor.locator(".ct-standings > li > button");
  await names.first().waitFor();
  let rows = 0;
  for (let i = 0; i < (await names.count()) && rows === 0; i += 1) {
    await names.nth(i).click();
    await doctor.locator(".ct-standing .ct-evidence").waitFor();
    rows = await doctor.locator(".ct-evidence__row small").count();
  }
  const text = await doctor.locator(".ct-standing").innerText();
  if (!/In the denominator\? Yes\./.test(text) || !/, line \d+/.test(text)) throw new Error(text);
  await axe(doctor);
  await doctor.screenshot({ path: `${SCREENS}/resident-measures-1280.png`, fullPage: true });
  await doctor.setViewportSize({ width: 375, height: 800 });
  await doctor.screenshot({ path: `${SCREENS}/resident-measures-375.png`, fullPage: true });
  const wide = await doctor.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await doctor.setViewportSize({ width: 1280, height: 900 });
  if (wide > 1) throw new Error(`${wide} px of sideways scroll`);
  await doctor.getByLabel("Counted on").selectOption({ index: 12 });
  await doctor.getByText("the rows are those known today").waitFor();
  if ((await doctor.locator(".ct-standing").count()) === 0) await names.first().click();  // what was open stays open
  await doctor.locator(".ct-standing .ct-evidence").waitFor();
  const then = await doctor.locator(".ct-standing").innerText(), day = await doctor.getByLabel("Counted on").locator("option:checked").innerText();
  if (!then.includes(`On ${day}.`)) throw new Error(`${day}: ${then.slice(0, 200)}`);
});
await claim("an empty search is answered in the form", async () => {
  await doctor.goto(`${ADDRESS}/record`);
  await doctor.getByRole("button", { name: "Search" }).click();
  await doctor.getByText("Enter an NHS number (ten digits) or a name.").waitFor();
});
await claim("a care professional may not build cohorts, and is told so", async () => {
  await doctor.goto(`${ADDRESS}/population/cohorts/new`);
  await doctor.getByText("Your role may not build cohorts").waitFor();
  if ((await doctor.getByRole("navigation", { name: "Pages of the population" }).count()) !== 0) throw new Error("the page is offered");
});
await claim("nothing personal is in an address or the server's log", async () => {
  const log = readFileSync(LOG, "utf8");
  return !/smith/i.test(log) && !/smith/i.test(doctor.url()) && log.length > 0;
});
await claim("a steward sees quarantined rows at the same time", async () => {
  await keeper.goto(`${ADDRESS}/data/feeds`);
  await settled(keeper);
  return (await keeper.locator("tbody tr").count()) > 3;
});
await claim("a steward sees the rejected row itself", async () => {
  await keeper.goto(`${ADDRESS}/data/feeds/gp_tpp_observation`);
  await settled(keeper);
  await keeper.getByRole("columnheader", { name: "Row as received" }).waitFor();
  return (await keeper.getByRole("region", { name: "Rows, by file and line" }).locator("code").first().innerText()).length > 5;
});
await claim("what waits for review is on Start, and leads to the queue by its number only", async () => {
  await keeper.goto(`${ADDRESS}/`);
  await settled(keeper);
  await keeper.getByRole("link", { name: /wait for review/ }).click();
  await settled(keeper);
  await keeper.screenshot({ path: `${SCREENS}/review-1280.png`, fullPage: true });
  await axe(keeper);
  const names = await keeper.locator("main tbody th").allInnerTexts();
  if (names.length === 0 || names.some((name) => !/^Pair \d+$/.test(name))) throw new Error(names.join(" | "));
});
const told = () => keeper.locator("#review-said").innerText();
const pairOf = () => Number(new URL(keeper.url()).pathname.split("/").pop());
await claim("a steward decides by keyboard: same, different, unsure, next and undo, each said aloud, with the focus on the new pair", async () => {
  await keeper.getByRole("link", { name: "Look at the likeliest pair" }).focus();
  await keeper.keyboard.press("Enter");
  await settled(keeper);
  await keeper.locator(".ct-sides").waitFor();
  await keeper.screenshot({ path: `${SCREENS}/review-pair-1280.png`, fullPage: true });
  await axe(keeper);
  const first = pairOf();
  const step = async (key, words) => {
    const before = keeper.url();
    await keeper.keyboard.press(key);
    await keeper.waitForFunction((was) => location.href !== was, before);
    await settled(keeper);
    await keeper.locator(".ct-sides").waitFor();
    if (words !== undefined && !words.test(await told())) throw new Error(`${key}: ${await told()}`);
    if ((await keeper.evaluate(() => document.activeElement?.textContent)) !== "Are these the same person?") throw new Error(`${key}: the focus is elsewhere`);
  };
  await step("s", /^Kept: the same person\. .* wait/);
  const second = pairOf();
  await step("d", /^Kept: different people/);
  await step("u", /^Kept: unsure/);
  await step("n");
  await step("z", /^Undone/);
  await step("z", /^Undone/);
  if (pairOf() !== second) throw new Error(`undo led to pair ${pairOf()}, not ${second}`);
  await step("z", /^Undone/);
  if (pairOf() !== first) throw new Error(`undo led to pair ${pairOf()}, not ${first}`);
  await keeper.keyboard.press("z");
  await keeper.getByText("There is nothing of this session to undo").waitFor();
});
await claim("a pair shows both sides, differences in words, the weight as a drawing and as a table, and why rows are one person", async () => {
  await keeper.goto(`${ADDRESS}/data/review/${pairOf()}`);
  await settled(keeper);
  const words = await keeper.locator(".ct-agreement").allInnerTexts();
  if (words.length < 4 || words.some((word) => !/(Same|Close|Different|Not compared)/.test(word))) throw new Error(words.join(" | "));
  const chart = keeper.locator("figure.ct-chart");
  await chart.getByRole("button", { name: "Show as a table" }).click();
  await chart.getByRole("row", { name: /^Together/ }).waitFor();
  await keeper.getByText("Why the rows of the second side are one person").click();
  await keeper.getByText(/one person\.|one row of one partner/).first().waitFor();
  await axe(keeper);
  for (const width of [375, 320]) {
    await keeper.setViewportSize({ width, height: 800 });
    if (width === 375) await keeper.screenshot({ path: `${SCREENS}/review-pair-375.png`, fullPage: true });
    const wide = await keeper.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 1) throw new Error(`${wide} px of sideways scroll at ${width} px`);
    await axe(keeper);
  }
  await keeper.goto(`${ADDRESS}/data/review`);
  await settled(keeper);
  await keeper.screenshot({ path: `${SCREENS}/review-320.png`, fullPage: true });
  await axe(keeper);
  await keeper.setViewportSize({ width: 1280, height: 900 });
});
await claim("keys do nothing while one types a reason or has turned them off", async () => {
  await keeper.goto(`${ADDRESS}/data/review`);
  await settled(keeper);
  await keeper.getByRole("link", { name: "Look at the likeliest pair" }).click();
  await keeper.getByLabel("Reason (optional)").fill("");
  const at = keeper.url();
  await keeper.keyboard.type("sounds the same");
  if (keeper.url() !== at || (await keeper.getByLabel("Reason (optional)").inputValue()) !== "sounds the same") throw new Error("typing decided");
  await keeper.getByLabel("The keys S, D, U, Z and N decide").uncheck();
  await keeper.locator("h1").click();
  await keeper.keyboard.press("s");
  await keeper.waitForTimeout(300);
  if (keeper.url() !== at) throw new Error("a key that is off decided");
  await keeper.getByLabel("The keys S, D, U, Z and N decide").check();
});
await claim("of two stewards at one pair the second is told who was first, and the page then shows that decision", async () => {
  const other = await person(steward);
  for (const one of [keeper, other]) {
    await one.goto(`${ADDRESS}/data/review`);
    await settled(one);
    await one.getByRole("link", { name: "Look at the likeliest pair" }).click();
    await one.locator(".ct-sides").waitFor();
  }
  await keeper.getByRole("button", { name: /^Different people/ }).click();
  await keeper.getByText(/^Kept: different people/).waitFor();
  await other.getByRole("button", { name: /^Same person/ }).click();
  const alert = other.getByRole("alert");
  await alert.waitFor();
  if (!/Somebody decided this pair before you/.test(await alert.innerText()) || !/different people/.test(await alert.innerText())) throw new Error(await alert.innerText());
  await other.getByRole("button", { name: "Undo this decision" }).waitFor();
  await axe(other);
  await other.screenshot({ path: `${SCREENS}/review-conflict-1280.png`, fullPage: true });
  await other.getByRole("button", { name: "Undo this decision" }).click();
  await other.getByText(/^Undone\. The pair waits/).waitFor();
  await other.context().close();
});
await claim("one signing out leaves the other signed in", async () => {
  await doctor.getByRole("button", { name: "Sign out" }).click();
  await doctor.getByRole("heading", { name: "Sign in" }).first().waitFor();
  await keeper.reload();
  await settled(keeper);
  return (await keeper.getByRole("navigation", { name: "Sections" }).count()) === 1;
});

await browser.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
