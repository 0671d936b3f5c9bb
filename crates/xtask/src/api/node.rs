//! The public API of the npm package, as API Extractor reads its declarations.

use xshell::cmd;

use super::Snapshot;
use crate::project::Project;

const FILE: &str = "node.api.md";

/// Needs the declarations that `languages::node` builds.
pub(super) fn snapshot(Project { shell, target }: &Project) -> anyhow::Result<Snapshot> {
    let package = shell.current_dir().join("node");
    let folder = target.join("api/node");
    shell.create_dir(&folder)?;
    for file in shell.read_dir("tests/api/node")? {
        shell.copy_file(file, &folder)?;
    }
    let _folder = shell.push_dir(&folder);
    cmd!(shell, "npm ci --no-audit --no-fund --silent").run()?;
    cmd!(shell, "node report.mjs {package} {folder}").run()?;
    Ok(Snapshot { file: FILE.to_owned(), text: shell.read_file(FILE)? })
}
