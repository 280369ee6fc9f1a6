// What `cargo xtask bench --help` says, with `--growth` or without.

export const HELP = `cargo xtask bench [--browser] [--quick] [--only a,b.10k] [--json FILE]
cargo xtask bench --growth [--quick] [--json FILE] [--svg FILE]
cargo bench --bench core

  --browser     in Chromium instead of Node
  --quick       at the smallest size: shows that the benchmark runs, not how fast
  --only LIST   workloads, by letter or id
  --json FILE   also writes every figure to a file
  --growth      a send's time and memory up to a million messages instead, drawn to www/growth.svg
  --svg FILE    draws it there

\`cargo bench\` measures the core natively against the reference crate.`;
