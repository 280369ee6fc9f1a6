// Makes wasm-bindgen's module shorter: removes what this package does itself, and fallbacks for features that every
// supported platform has, and has what is written many times written once. This is a fifth of the compressed module.

/** The patterns of the parts to remove, each with its replacement. */
const CUTS = /** @type {const} */ ([
  // pkg/src/source.ts fetches and compiles; pkg/src/instance.ts makes sure that this is done only once.
  [/async function __wbg_load\(.*(?=\nexport \{ initSync, __wbg_init as default \};)/s, `
function initSync({ module }) {
    return __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()));
}

async function __wbg_init({ module_or_path }) {
    return __wbg_finalize_init(await WebAssembly.instantiate(module_or_path, __wbg_get_imports()));
}
`],
  // pkg/src/aborting.ts needs `FinalizationRegistry` too, so there is always one.
  [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? .*\s*: /g, ""],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{.*?\n\}\n/s, ""],
  // No user sees these classes, or could pass an object of the wrong one.
  [/if \(Symbol\.dispose\) .*\n/g, ""],
  [/\s+_assertClass\(\w+, \w+\);/g, ""],
  // Nobody looks up the name of a number. And unless it is frozen, a minifier puts the numbers in the place of the names.
  [/, "\d+": "\w+"/g, ""],
  [/Object\.freeze\((\{.*?\})\)/gs, "$1"],
  // A text that does not fit ends the core; nothing has to be given back then.
  [/ try \{\n(( +ptr\d = .*\n +len\d = .*\n)+) +\} catch \(e\) \{\n( +if \(ptr.*\n)+ +throw e;\n +\}\n/g, "\n$1"],
  // What all exports that may fail do with what they return.
  [/var r0 = .*\n +var r1 = .*\n +var r2 = .*\n +if \(r2\) \{\n +throw .*\n +\}\n/g, "const r0 = returned(retptr);\n"],
  [/(?=\nfunction __wbg_get_imports\(\) \{)/, `
function returned(retptr) {
    const view = getDataViewMemory0();
    if (view.getInt32(retptr + 8, true)) throw takeFromExternrefTable0(view.getInt32(retptr + 4, true));
    return view.getInt32(retptr, true);
}`],
  // The callers always pass `realloc`.
  [/if \(realloc === undefined\) \{.*?\n    \}\n/s, ""],
  // An import that may throw catches the error itself. As a function without parameters, it would not have the
  // signature that the module imports; V8 makes a wrapper for each such signature, synchronously, while it
  // instantiates.
  [/function handleError\(f, args\) \{\s+try \{\s+return f\.apply\(this, args\);\s+\} catch \(e\) \{(.*?)\n    \}\n/s, "function handleError(e) {$1\n"],
  [
    /function\(\) \{ return handleError\(function \(([^)]*)\) \{(.*?)\n {8}\}, arguments\); \}/gs,
    "function($1) { try {$2\n        } catch (e) { handleError(e); } }",
  ],
]);

/**
 * wasm-bindgen's module without these parts. Throws if a part is not found, as another version may write it in another
 * way.
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
