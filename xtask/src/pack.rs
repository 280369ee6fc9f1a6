//! `cargo xtask pack`: writes the tarball that is published, and checks its size.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::{build, npm, workspace};

/// What is published, seen from the repository's top folder. `files` in package.json must name the same.
const PUBLISHED: [&str; 6] = [
    "pkg/package.json",
    "pkg/README.md",
    "pkg/dist",
    "pkg/wasm.d.ts",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// Builds and packs the package, and prints its sizes. Fails if they exceed pkg/size-budget.json.
pub fn run() -> Result<()> {
    build::run(&build::Options::default())?;
    let shell = workspace::shell()?;
    let tarball = write(&shell)?;
    println!("\n{}", tarball.display());
    check_sizes(&shell)
}

/// Packs the package as it is built; returns the path of the tarball.
///
/// The package is put together in a folder of its own, with the licences, and its manifest does not name our tools.
pub fn write(shell: &Shell) -> Result<PathBuf> {
    npm::install(shell)?;
    let folder = workspace::target_directory().join("package");
    shell.remove_path(&folder)?;
    let staged = folder.join("staged");
    shell.create_dir(&staged)?;
    for path in PUBLISHED.map(Path::new) {
        let name = path.file_name().context("a published file's name")?;
        copy(&workspace::root().join(path), &staged.join(name))?;
    }
    let _staged = shell.push_dir(&staged);
    cmd!(shell, "npm pkg delete devDependencies --loglevel=error")
        .quiet()
        .run()?;
    let report = cmd!(
        shell,
        "npm pack --json --loglevel=error --pack-destination .."
    )
    .quiet()
    .read()?;
    let report: Value = serde_json::from_str(&report).context("what npm pack says")?;
    check_contents(&report[0])?;
    let name = report[0]["filename"]
        .as_str()
        .context("the tarball's name")?;
    Ok(folder.join(name))
}

/// Copies a file, or a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = || format!("copying {}", from.display());
    if !from.is_dir() {
        fs::copy(from, to).with_context(copied)?;
        return Ok(());
    }
    fs::create_dir_all(to).with_context(copied)?;
    for entry in fs::read_dir(from).with_context(copied)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Fails if the tarball holds a file that is not meant to be published, or lacks one that is.
fn check_contents(report: &Value) -> Result<()> {
    let files = report["files"].as_array().context("the tarball's files")?;
    let paths: Vec<&str> = files
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    let unexpected: Vec<&&str> = paths.iter().filter(|path| !is_expected(path)).collect();
    ensure!(
        unexpected.is_empty(),
        "in the tarball, although not to be published: {unexpected:?}"
    );
    for name in [
        "README.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "dist/index.js",
        "dist/index.d.ts",
    ] {
        ensure!(paths.contains(&name), "not in the tarball: {name}");
    }
    let modules = paths.iter().filter(|path| path.ends_with(".wasm")).count();
    ensure!(
        modules == 1,
        "the tarball has {modules} WebAssembly modules, not one"
    );
    Ok(())
}

fn is_expected(path: &str) -> bool {
    let top = [
        "package.json",
        "README.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "wasm.d.ts",
    ];
    let built = [".js", ".d.ts", ".wasm"];
    top.contains(&path)
        || path.starts_with("dist/") && built.iter().any(|ending| path.ends_with(ending))
}

/// Prints the sizes of the built package. More than the budget is an error.
pub fn check_sizes(shell: &Shell) -> Result<()> {
    let sizes = cmd!(shell, "node pkg/scripts/sizes.mjs").quiet().read()?;
    let sizes: Value = serde_json::from_str(&sizes).context("what sizes.mjs says")?;
    let budget: Value = serde_json::from_str(&shell.read_file("pkg/size-budget.json")?)?;
    println!(
        "{:12}{:>10}{:>10}{:>10}{:>16}",
        "bytes", "raw", "gzip", "brotli", "budget (gzip)"
    );
    let mut over = Vec::new();
    for part in ["wasm", "javascript"] {
        let size = |form: &str| sizes[part][form].as_u64().context("a size");
        let allowed = budget["gzip"][part]
            .as_u64()
            .context("pkg/size-budget.json")?;
        let gzip = size("gzip")?;
        println!(
            "{part:12}{:>10}{gzip:>10}{:>10}{allowed:>16}",
            size("raw")?,
            size("brotli")?
        );
        if gzip > allowed {
            over.push(part);
        }
    }
    ensure!(
        over.is_empty(),
        "over the budget in pkg/size-budget.json: {}",
        over.join(", ")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::check_contents;

    fn packed(extra: &[&str]) -> Value {
        let whole = [
            "package.json",
            "README.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "dist/index.js",
            "dist/index.d.ts",
            "dist/wasm/agent_pool_bg.wasm",
        ];
        let files: Vec<Value> = whole
            .iter()
            .chain(extra)
            .map(|path| json!({ "path": path }))
            .collect();
        json!({ "files": files })
    }

    #[test]
    fn a_tarball_with_anything_else_in_it_is_refused() {
        check_contents(&packed(&["dist/testing/index.js"])).unwrap();
        for unexpected in [
            ".npmrc",
            "demo/demo.mjs",
            "dist/.built-from",
            "dist/other.wasm",
        ] {
            check_contents(&packed(&[unexpected])).unwrap_err();
        }
        check_contents(&json!({ "files": [{ "path": "package.json" }] })).unwrap_err();
    }
}
