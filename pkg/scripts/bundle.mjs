// Bundles src/ into the modules that package.json's `exports` name. Each is one file, which loads fastest. The other
// entries import the package's own classes from the main one, so that a class is the same from whichever entry. Run by
// `cargo xtask build`, after wasm-bindgen and tsc.
//
//     node scripts/bundle.mjs BINDINGS DIST [--dev] [--with-bindings]
//
//     BINDINGS         the folder in which wasm-bindgen wrote `wasm/`
//     DIST             where the modules go, and where tsc wrote the declarations
//     --dev            leaves the code as it is written
//     --with-bindings  makes wasm-bindgen's module one of the entries, for tests that reach into it

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";
import { minify as minifyAgain } from "terser";

import { keepReachable, leaveOutMarks } from "./declarations.mjs";
import { lean } from "./glue.mjs";
import { inLines } from "./lines.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { dev: { type: "boolean" }, "with-bindings": { type: "boolean" } },
});
const [bindings = "", dist = ""] = positionals.map((folder) => resolve(folder));
const pkg = resolve(import.meta.dirname, "..");

/** The entries that are modules, as paths without the ending. The path in dist/ is the path in src/ too. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  return Object.values(exports)
    .map((target) => /^\.\/dist\/(.*)\.js$/.exec(target.default ?? "")?.[1])
    .filter((entry) => entry !== undefined);
}

/** Imports wasm-bindgen's module as if it were among the sources. */
const bindingsBesideSources = {
  name: "bindings-beside-sources",
  resolveId: {
    filter: { id: /\/wasm\/agent_pool\.js$/ },
    handler: () => join(bindings, "wasm/agent_pool.js"),
  },
  load: {
    filter: { id: /\/wasm\/agent_pool\.js$/ },
    handler: (/** @type {string} */ file) => lean(readFileSync(file, "utf8")),
  },
};

// Classes keep their names, as users see them.
const classes = { class: true, function: false };
const minify = { compress: { keepNames: classes }, mangle: { keepNames: classes } };

for (const entry of entries()) {
  const input = { [entry]: join(pkg, "src", `${entry}.ts`) };
  const isOwn = entry === "index";
  if (isOwn && values["with-bindings"]) input["wasm/agent_pool"] = join(bindings, "wasm/agent_pool.js");
  await bundle(input, isOwn ? [] : ["../index.js"]);
}

keepReachable(
  dist,
  entries().map((entry) => join(dist, `${entry}.d.ts`)),
);
leaveOutMarks(dist);

/**
 * @param {Record<string, string>} input the modules, by their paths in dist/ without the ending
 * @param {string[]} external imports that are not bundled
 */
async function bundle(input, external) {
  const bundle = await rolldown({
    input,
    external,
    makeAbsoluteExternalsRelative: false,
    platform: "neutral",
    tsconfig: false,
    transform: { target: "es2022" },
    plugins: [bindingsBesideSources],
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  const { output } = await bundle.write({
    dir: dist,
    format: "esm",
    // The shared chunk lies in the top folder too. Otherwise the address of the wasm file would change.
    chunkFileNames: "shared.js",
    comments: { jsdoc: false },
    minify: values.dev ? false : minify,
  });
  await bundle.close();
  if (!values.dev) for (const { fileName } of output) await finish(join(dist, fileName));
}

/**
 * Minifies a module once more, which saves a fortieth since the two minifiers know different tricks, and makes it fit for
 * debugging and for bundlers.
 *
 * @param {string} file
 */
async function finish(file) {
  const once = readFileSync(file, "utf8");
  // The classes that users see have their names from the variables that hold them. Streams are exported as a type only.
  const exported = /\bexport\{([^}]*)\}/.exec(once)?.[1]?.split(",") ?? [];
  const minified = await minifyAgain(once, {
    ecma: 2020,
    module: true,
    // Unsafe is only that functions which become methods or arrows cannot be called with `new`; none is.
    compress: { passes: 3, hoist_funs: true, unsafe_arrows: true, unsafe_methods: true },
    mangle: { reserved: [...exported, "PoolStream"] },
    keep_classnames: true,
  });
  const code = minified.code ?? "";
  // Not every bundler understands `new URL()` with a template literal.
  writeFileSync(file, inLines(code.replaceAll(/new URL\(`([^`$]*)`/g, 'new URL("$1"')));
}
