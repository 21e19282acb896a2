// Bundles src/tongke/web/assets into src/tongke/web/static/dist. Every top-level main.* and *.entry.*
// there is an entry of its own; file names carry a hash of the contents, and manifest.json tells which
// file stands for which entry, e.g. {"main.js": "main-7KX2.js", "main.css": "main-Q41A.css"}.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const source = "src/tongke/web/assets";
const target = "src/tongke/web/static/dist";
const isEntry = /^(main|[\w-]+\.entry)\.(ts|js|mjs|css)$/;
const entries = readdirSync(source).filter((name) => isEntry.test(name)).map((name) => join(source, name));

// Files named by their contents may be served for ever: a server that runs still finds its old ones for a day.
const before = existsSync(target) ? readdirSync(target, { recursive: true }) : [];
mkdirSync(target, { recursive: true });

const result = await build({
  entryPoints: entries,
  outdir: target,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  metafile: true,
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "asset-[name]-[hash]",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".png": "file", ".svg": "text" },
  legalComments: "linked",
  logLevel: "warning",
});

const manifest = {};
const made = new Set(["manifest.json", ".stamp"]);
for (const [path, about] of Object.entries(result.metafile.outputs)) {
  const name = relative(target, path);
  made.add(name);
  if (about.entryPoint) {
    const extension = extname(about.entryPoint) === ".css" ? ".css" : ".js";
    manifest[basename(about.entryPoint).replace(/(\.entry)?\.(ts|js|mjs|css)$/, extension)] = name;
    if (about.cssBundle && extension === ".js") {
      manifest[basename(about.entryPoint).replace(/(\.entry)?\.(ts|js|mjs)$/, ".css")] ??= relative(target, about.cssBundle);
    }
  }
  if (/\.(js|css|txt|svg)$/.test(name)) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    made.add(`${name}.gz`);
    made.add(`${name}.br`);
  }
}
// The icons named in icons.txt become one sprite; pages refer to a drawing by its name.
const icons = readFileSync(join(source, "icons.txt"), "utf8").split(/\s+/).filter(Boolean).map((name) => {
  const drawing = readFileSync(join("node_modules/@tabler/icons/icons/outline", `${name}.svg`), "utf8");
  const lines = drawing.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/<path stroke="none"[^>]*>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${lines}</symbol>`;
});
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${icons.join("\n")}</svg>\n`;
const spriteName = `icons-${createHash("sha256").update(sprite).digest("hex").slice(0, 8).toUpperCase()}.svg`;
writeFileSync(join(target, spriteName), sprite);
writeFileSync(join(target, `${spriteName}.gz`), gzipSync(sprite, { level: 9 }));
writeFileSync(join(target, `${spriteName}.br`), brotliCompressSync(sprite));
manifest["icons.svg"] = spriteName;
for (const name of [spriteName, `${spriteName}.gz`, `${spriteName}.br`]) made.add(name);
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const dayAgo = Date.now() - 24 * 3600 * 1000;
for (const name of before) {
  const path = join(target, name);
  if (!made.has(name) && existsSync(path) && statSync(path).mtimeMs < dayAgo) rmSync(path, { recursive: true, force: true });
}
