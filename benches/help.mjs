// What `cargo xtask bench --help` prints, with or without `--growth`.

export const HELP = `cargo xtask bench [--browser] [--quick] [--only a,b.10k] [--json FILE]
cargo xtask bench --growth [--quick] [--json FILE] [--svg FILE]
cargo bench --bench core

  --browser     runs in Chromium instead of Node
  --quick       runs at the smallest size, which shows that the benchmark works, not how fast anything is
  --only LIST   runs only these workloads, given by letter or id
  --json FILE   also writes all figures to this file
  --growth      measures the time and memory of a send with up to a million messages stored instead, and draws
                www/growth.svg
  --svg FILE    draws to this file instead

\`cargo bench\` measures the core natively against the reference crate.`;
