//! `cargo xtask build`: from Rust and TypeScript to the npm package in `pkg/dist`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli::wasm_bindgen;
use xshell::{Shell, cmd};

use crate::rustc_flags::{self, TARGET};
use crate::{function_order, npm, one_value, profile, short_names, table, wasm_opt, workspace};

const OUT_NAME: &str = "agent_pool";

/// What to build.
#[derive(Default)]
pub struct Options {
    /// Whether to build without optimisation, neither rustc's nor wasm-opt's.
    pub dev: bool,
    /// Whether to build with the cargo feature `panic-probe`, next to the real package: tests load it to see a panic
    /// handled.
    pub panic_probe: bool,
    /// The module to build from, if it is one that counts what its functions do: see `profile`.
    pub counting: Option<PathBuf>,
}

impl Options {
    /// Where the package goes, seen from the repository's top folder.
    pub fn dist(&self) -> &'static Path {
        Path::new(match (&self.counting, self.panic_probe) {
            (Some(_), _) => "target/profile/dist",
            (None, true) => "pkg/dist-panic-probe",
            (None, false) => "pkg/dist",
        })
    }

    /// Says which step of the build is being done.
    fn step(&self, what: &str) {
        let name = match (&self.counting, self.panic_probe) {
            (Some(_), _) => "the package that counts",
            (None, true) => "the package with a panic in it",
            (None, false) => "the package",
        };
        workspace::step(&format!("building {name}: {what}"));
    }

    /// Where wasm-bindgen writes, seen from the repository's top folder. The bundler makes the package from this.
    fn bindings(&self) -> &'static Path {
        Path::new(match (&self.counting, self.panic_probe) {
            (Some(_), _) => "target/profile/bindings",
            (None, true) => "pkg/bindings-panic-probe",
            (None, false) => "pkg/bindings",
        })
    }

    /// A cdylib's file has the same name whatever its features, so the probe has a target directory of its own. In one
    /// directory the two would overwrite each other, and each build would start again.
    fn target_directory(&self) -> PathBuf {
        let target = workspace::target_directory();
        if self.panic_probe {
            target.join("panic-probe")
        } else {
            target
        }
    }
}

/// Builds the package.
pub fn run(options: &Options) -> Result<()> {
    let shell = workspace::shell()?;
    npm::install(&shell)?;
    add_wasm_target(&shell)?;
    let module = match &options.counting {
        Some(module) => module.clone(),
        None => compile(&shell, options)?,
    };
    bind(&shell, options, &module)?;
    declare(&shell, options)?;
    bundle(&shell, options)
}

/// Has rustup install the standard library for wasm32 if it is missing.
fn add_wasm_target(shell: &Shell) -> Result<()> {
    let sysroot = cmd!(shell, "rustc --print sysroot").quiet().read()?;
    if Path::new(&sysroot)
        .join("lib/rustlib")
        .join(TARGET)
        .exists()
    {
        return Ok(());
    }
    workspace::step("installing Rust's standard library for WebAssembly");
    cmd!(shell, "rustup target add {TARGET}")
        .quiet()
        .run()
        .with_context(|| {
            format!("Rust's standard library for {TARGET} is missing, and rustup did not add it")
        })
}

/// Compiles the crate; returns the path of the module.
fn compile(shell: &Shell, options: &Options) -> Result<PathBuf> {
    let (profile, folder) = if options.dev {
        ("dev", "debug")
    } else {
        ("small", "small")
    };
    let features: &[&str] = if options.panic_probe {
        &["--features", "panic-probe"]
    } else {
        &[]
    };
    options.step("compiling Rust to WebAssembly");
    let target_directory = options.target_directory();
    let flags = if options.dev {
        Vec::new()
    } else {
        rustc_flags::of_package(shell)?
    };
    cmd!(
        shell,
        "cargo build {flags...} --package agent-pool --lib --target {TARGET} --profile {profile} {features...}"
    )
    .env("CARGO_TARGET_DIR", &target_directory)
    .quiet()
    .run()?;
    let built = target_directory.join(TARGET).join(folder);
    if !options.dev && !options.panic_probe {
        profile::look_at_names(&built.join(format!("lib{OUT_NAME}.rlib")))?;
    }
    Ok(built.join(format!("{OUT_NAME}.wasm")))
}

/// Writes the bindings: the module, its JavaScript and its declarations. Does nothing if they are of this very module.
fn bind(shell: &Shell, options: &Options, module: &Path) -> Result<()> {
    let out = workspace::root().join(options.bindings()).join("wasm");
    let stamp = out.join(".built-from");
    let built_from = fingerprint(module)?;
    if fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == built_from) {
        return Ok(());
    }
    options.step("binding the module to JavaScript");
    shell.remove_path(&out)?;
    let module = one_value::answering_one_value(module)?;
    wasm_bindgen::run_cli_with_args([
        "wasm-bindgen".as_ref(),
        "--target=web".as_ref(),
        // Only pkg/src/instance.ts says where the module is; bundlers must not find that said twice.
        "--omit-default-module-path".as_ref(),
        "--out-name".as_ref(),
        OUT_NAME.as_ref(),
        "--out-dir".as_ref(),
        out.as_os_str(),
        module.as_os_str(),
    ])
    .context("wasm-bindgen")?;
    ensure!(
        !out.join("snippets").exists(),
        "wasm-bindgen wrote snippets/, which break in workers: pass JavaScript in from the TypeScript side instead"
    );
    let path = options.bindings().join(module_file());
    let module = workspace::root().join(&path);
    let script = out.join(format!("{OUT_NAME}.js"));
    // What has counted is asked for its counts by name.
    short_names::shorten(&module, &script, options.counting.is_some())?;
    if !options.dev && options.counting.is_none() {
        options.step("optimising the module for its size");
        table::leave_out_uncalled(&module)?;
        wasm_opt::optimise(shell, &path)?;
        function_order::name_by_likeness(&module)?;
        wasm_opt::finish(shell, &path)?;
    }
    shell.write_file(&stamp, built_from)?;
    Ok(())
}

/// Tells a module that was made by one version of these tools from any other.
fn fingerprint(module: &Path) -> Result<String> {
    let written = |file: &Path| -> Result<u128> {
        let modified = fs::metadata(file).and_then(|metadata| metadata.modified());
        let modified = modified.with_context(|| format!("reading {}", file.display()))?;
        Ok(modified.duration_since(UNIX_EPOCH)?.as_nanos())
    };
    // It changes with the version of wasm-opt, for example.
    let npm_packages = workspace::root().join("pkg/node_modules/.package-lock.json");
    Ok(format!(
        "{} {} {} {}\n",
        module.display(),
        written(module)?,
        written(&std::env::current_exe()?)?,
        written(&npm_packages)?
    ))
}

/// The module that is shipped, seen from the bindings and from the package's `dist`.
fn module_file() -> PathBuf {
    Path::new("wasm").join(format!("{OUT_NAME}_bg.wasm"))
}

/// Checks `pkg/src` and writes its declarations. Files of an earlier build are removed first.
fn declare(shell: &Shell, options: &Options) -> Result<()> {
    options.step("checking TypeScript and writing its declarations");
    let dist = options.dist();
    shell.remove_path(dist)?;
    cmd!(
        shell,
        "pkg/node_modules/.bin/tsc --project pkg/tsconfig.json --outDir {dist}"
    )
    .quiet()
    .run()?;
    Ok(())
}

/// Bundles `pkg/src` with the bindings, and copies the module next to the bundle.
fn bundle(shell: &Shell, options: &Options) -> Result<()> {
    options.step("bundling");
    let (dist, bindings) = (options.dist(), options.bindings());
    let mut flags = Vec::new();
    if options.dev {
        flags.push("--dev");
    }
    if options.panic_probe {
        flags.push("--with-bindings");
    }
    cmd!(
        shell,
        "node pkg/scripts/bundle.mjs {bindings} {dist} {flags...}"
    )
    .quiet()
    .run()?;
    shell.create_dir(dist.join("wasm"))?;
    shell.copy_file(bindings.join(module_file()), dist.join(module_file()))?;
    Ok(())
}
