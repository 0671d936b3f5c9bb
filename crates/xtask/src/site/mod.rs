//! `cargo xtask site`: the pages of `docs` and the APIs of three languages as one site, below `target/site`. `site/README.md`
//! says which tools make it.

mod index;

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
use xshell::{Shell, cmd};

use crate::languages::node::{self, NPM};
use crate::languages::python::Environment;
use crate::project::{Project, left_out, say};

/// The crates that people use, and the folders in which rustdoc puts them.
const CRATES: [(&str, &str); 3] =
    [("clanforge", "clanforge"), ("clanforge-core", "clanforge_core"), ("clanforge-simulator", "clanforge_simulator")];

/// Builds the site, checks its links, and checks its pages in a browser.
///
/// # Errors
/// Returns an error if a tool is missing under `CI`, a page has a mistake, or a link leads nowhere.
pub(crate) fn run(project: &Project) -> anyhow::Result<()> {
    let Some(python) = Environment::with(project, "site/requirements-site.txt")? else { return Ok(()) };
    let shell = &project.shell;
    let (work, site) = (project.target.join("site-build"), project.target.join("site"));
    shell.remove_path(&work)?;
    pages(shell, &python, &work)?;
    // It lists nothing while the site has no address.
    shell.remove_path(work.join("site/sitemap.xml"))?;
    node_api(project, &work)?;
    rust_api(shell, &project.target, &work)?;
    shell.write_file(work.join("site/llms.txt"), index::text(&shell.current_dir())?)?;
    let links = python.program("python");
    cmd!(shell, "{links} site/links.py {work}/site").run()?;
    // Moved as a whole, so that a reader never sees an incomplete site.
    shell.remove_path(&site)?;
    std::fs::rename(work.join("site"), &site).context("cannot move the site")?;
    browse(project, &site)?;
    say(&format!("the site is in {}", site.display()));
    Ok(())
}

/// Builds the pages and the API of Python with Zensical, which reads and writes beside its configuration.
fn pages(shell: &Shell, python: &Environment, work: &Path) -> anyhow::Result<()> {
    node::copy(shell, Path::new("docs"), &work.join("docs"))?;
    node::copy(shell, Path::new("python/clanforge"), &work.join("python/clanforge"))?;
    for file in ["zensical.toml", "doctest_blocks.py"] {
        shell.copy_file(Path::new("site").join(file), work)?;
    }
    let zensical = python.program("zensical");
    let _work = shell.push_dir(work);
    Ok(cmd!(shell, "{zensical} build --clean --strict").run()?)
}

/// Builds the API of Node with `TypeDoc`, in a folder of its own, because it needs an older compiler than the package.
fn node_api(project: &Project, work: &Path) -> anyhow::Result<()> {
    if !node::is_there(project)? {
        return Ok(());
    }
    let shell = &project.shell;
    let folder = project.target.join("site-typedoc");
    for path in ["src", "out"] {
        shell.remove_path(folder.join(path))?;
    }
    node::copy(shell, Path::new("site/typedoc"), &folder)?;
    node::copy(shell, Path::new("node/src"), &folder.join("src"))?;
    for file in ["native.d.ts", "tsconfig.json"] {
        shell.copy_file(Path::new("node").join(file), &folder)?;
    }
    let _folder = shell.push_dir(&folder);
    install(shell)?;
    cmd!(shell, "npx --no-install typedoc --logLevel Warn").run()?;
    node::copy(shell, Path::new("out"), &work.join("site/api/node"))
}

/// Builds the API of Rust with rustdoc.
fn rust_api(shell: &Shell, target: &Path, work: &Path) -> anyhow::Result<()> {
    // The search of rustdoc lists every crate that was ever documented in the same folder.
    let folder = target.join("doc");
    shell.remove_path(&folder)?;
    let packages = CRATES.iter().flat_map(|(package, _)| ["--package", package]);
    let features = ["--features", "clanforge/blocking,clanforge/sigv4,clanforge/schema"];
    cmd!(shell, "cargo doc --locked --quiet --no-deps --lib {packages...} {features...}").run()?;
    for (_, crate_folder) in CRATES {
        let page = folder.join(crate_folder).join("index.html");
        anyhow::ensure!(page.exists(), "rustdoc wrote no {}", page.display());
    }
    node::copy(shell, &folder, &work.join("site/api/rust"))?;
    // Where rustdoc's help and settings lead back to.
    let start =
        r#"<!doctype html><title>Rust API</title><meta http-equiv="refresh" content="0; url=clanforge/index.html">"#;
    Ok(shell.write_file(work.join("site/api/rust/index.html"), start)?)
}

/// Installs the packages of a package-lock.json, unless they are there: the site is built offline after that.
fn install(shell: &Shell) -> anyhow::Result<()> {
    let lock = shell.read_file("package-lock.json")?;
    let installed = PathBuf::from("node_modules/installed-lock.json");
    if shell.read_file(&installed).unwrap_or_default() != lock {
        cmd!(shell, "{NPM} ci --no-audit --no-fund --silent").run()?;
        shell.write_file(&installed, lock)?;
    }
    Ok(())
}

/// Checks the pages in a browser.
fn browse(project: &Project, site: &Path) -> anyhow::Result<()> {
    let shell = &project.shell;
    let Some(browser) = browser() else { return left_out("the check of the site in a browser", "Chromium") };
    let folder = project.target.join("site-browser");
    node::copy(shell, Path::new("site/browser"), &folder)?;
    let _folder = shell.push_dir(&folder);
    install(shell)?;
    let screenshots = project.target.join("site-screenshots");
    Ok(cmd!(shell, "node check.mjs {browser} {site} {screenshots}").run()?)
}

/// Returns where Chromium is, by the variable `CHROMIUM` or on the path.
fn browser() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut found = env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| found.find(|file| file.is_file()))
}
