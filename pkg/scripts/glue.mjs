// What of wasm-bindgen's module is not taken along: what this package has itself, and stand-ins for what every platform
// has that it runs on. It is a fifth of that module, as compressed.

/** What is there, of which nothing remains but what comes after. */
const CUTS = /** @type {const} */ ([
  // pkg/src/source.ts fetches and compiles, and pkg/src/instance.ts sees to it that this is done once.
  [/async function __wbg_load\(.*(?=\nexport \{ initSync, __wbg_init as default \};)/s, `
function initSync({ module }) {
    return __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()));
}

async function __wbg_init({ module_or_path }) {
    return __wbg_finalize_init(await WebAssembly.instantiate(module_or_path, __wbg_get_imports()));
}
`],
  // pkg/src/aborting.ts needs it too.
  [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? .*\s*: /g, ""],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{.*?\n\}\n/s, ""],
  // Nobody sees these classes, or gives one for another.
  [/if \(Symbol\.dispose\) .*\n/g, ""],
  [/\s+_assertClass\(\w+, \w+\);/g, ""],
  // Nobody asks for the name of a number.
  [/, "\d+": "\w+"/g, ""],
  // Texts are always given with both.
  [/if \(realloc === undefined\) \{.*?\n    \}\n/s, ""],
  // What may throw catches it itself: as a function of no parameters it would not be what the module imports, and V8 makes
  // a wrapper for each signature of that kind, at once, while it instantiates.
  [/function handleError\(f, args\) \{\s+try \{\s+return f\.apply\(this, args\);\s+\} catch \(e\) \{(.*?)\n    \}\n/s, "function handleError(e) {$1\n"],
  [
    /function\(\) \{ return handleError\(function \(([^)]*)\) \{(.*?)\n {8}\}, arguments\); \}/gs,
    "function($1) { try {$2\n        } catch (e) { handleError(e); } }",
  ],
]);

/**
 * wasm-bindgen's module without that. Another version may write it otherwise: then this says so.
 *
 * @param {string} code
 */
export function lean(code) {
  return CUTS.reduce((rest, [pattern, remains]) => {
    const cut = rest.replace(pattern, remains);
    if (cut === rest) throw new Error(`not in wasm-bindgen's module: ${pattern}`);
    return cut;
  }, code);
}
