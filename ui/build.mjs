// Bundles the web app into dist/: one script, one style sheet, one page, names carrying a hash of their
// content so that they can be cached for ever. The design system's remote font is taken out: the system
// font stack stands in for it and nothing is fetched from elsewhere.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const out = "dist";
await rm(out, { recursive: true, force: true });
await mkdir(`${out}/assets`, { recursive: true });

const nhs = (await readFile("node_modules/nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css", "utf8"))
  .replace(/@font-face\{[^}]*\}/g, "")
  .replaceAll("Frutiger W01,", "")
  .replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
if (nhs.includes("https://")) throw new Error("the design system's style sheet still names a remote host");
const own = (await Promise.all(["catchment", "review", "evidence"].map((name) => readFile(`src/style/${name}.css`, "utf8")))).join("\n");

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);
const css = nhs + "\n" + own;
const cssName = `assets/app-${hash(css)}.css`;
await writeFile(`${out}/${cssName}`, css);

const script = await build({
  entryPoints: ["src/main.tsx"],
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "eof",
  write: false,
});
const code = script.outputFiles[0].contents;
const jsName = `assets/app-${hash(code)}.js`;
await writeFile(`${out}/${jsName}`, code);

const page = (await readFile("src/index.html", "utf8")).replace("{{css}}", `/${cssName}`).replace("{{js}}", `/${jsName}`);
await writeFile(`${out}/index.html`, page);
await cp("src/favicon.svg", `${out}/favicon.svg`);
console.log(`web app: script ${Math.round(code.length / 1024)} kB, style ${Math.round(css.length / 1024)} kB`);
