// This plugin has declarations, but its `exports` do not lead to them.
declare module "@web/rollup-plugin-import-meta-assets" {
  export function importMetaAssets(): import("rollup").Plugin;
}
