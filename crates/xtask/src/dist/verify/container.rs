//! The container image, built and run by buildah without a daemon.

use std::path::PathBuf;

use anyhow::ensure;
use xshell::cmd;

use super::Report;
use crate::dist::Dist;
use crate::project::read;

/// The target whose command is in the image that this machine runs.
pub(super) const TARGET: &str = "x86_64-unknown-linux-musl";

/// Trusts every image: the only one is built here.
const POLICY: &str = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;

pub(super) fn run(dist: &Dist, report: &mut Report) {
    report.check("container image", "buildah: `demo`, not as root", || {
        let shell = &dist.project.shell;
        let storage = dist.project.target.join("dist-roots/containers");
        let context = dist.folder.join("container");
        let policy: PathBuf = storage.join("policy.json");
        shell.write_file(&policy, POLICY)?;
        let (root, run) = (storage.join("storage"), storage.join("run"));
        let buildah = ["--storage-driver", "vfs", "--root"].map(Into::into).into_iter();
        let buildah = &buildah.chain([root, "--runroot".into(), run]).collect::<Vec<PathBuf>>();
        let file = "crates/clanforge-cli/Containerfile";
        let arguments = ["--isolation", "chroot", "--build-arg", "TARGETARCH=amd64", "--quiet", "--tag", "clanforge"];
        cmd!(shell, "buildah {buildah...} build --signature-policy {policy} {arguments...} --file {file} {context}")
            .quiet()
            .ignore_stdout()
            .run()?;
        let container = read(cmd!(shell, "buildah {buildah...} from --signature-policy {policy} clanforge").quiet())?;
        let container = container.trim();
        let format = "{{.OCIv1.Config.User}}";
        let user = read(cmd!(shell, "buildah {buildah...} inspect --format {format} {container}").quiet())?;
        let demo = cmd!(shell, "buildah {buildah...} run --isolation chroot {container} -- /clanforge demo")
            .quiet()
            .ignore_stdout()
            .ignore_stderr()
            .run();
        cmd!(shell, "buildah {buildah...} rm {container}").quiet().ignore_stdout().run()?;
        demo?;
        ensure!(user.trim() == "65532:65532", "it runs as {user}");
        Ok(format!("exit 0, as {}", user.trim()))
    });
}
