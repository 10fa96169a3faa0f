// Bundle each panel (src/<name>/index.ts with its style.css) into one file each under f1nb/panels/static.
// Unminified on purpose: the output is committed and its diffs are read.
import { existsSync, readdirSync } from "node:fs";
import * as esbuild from "esbuild";

const panels = readdirSync("src").filter((name) => existsSync(`src/${name}/index.ts`));
const styles = panels.filter((name) => existsSync(`src/${name}/style.css`));
const common = { bundle: true, outdir: "../f1nb/panels/static", entryNames: "[name]", logLevel: "info", charset: "utf8" };
const script = {
  ...common,
  entryPoints: panels.map((name) => ({ in: `src/${name}/index.ts`, out: name })),
  format: "esm",
  target: "es2022",
};
const style = { ...common, entryPoints: styles.map((name) => ({ in: `src/${name}/style.css`, out: name })) };

if (process.argv.includes("--watch")) {
  await Promise.all([script, style].map(async (options) => (await esbuild.context(options)).watch()));
} else {
  await Promise.all([script, style].map((options) => esbuild.build(options)));
}
