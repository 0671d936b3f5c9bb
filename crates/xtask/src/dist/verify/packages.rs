//! The packages, by the tools of the registries that they go to, and the scripts that install the archives.

use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use xshell::cmd;

use super::{Report, find};
use crate::dist::Dist;
use crate::dist::packages::CRATES;
use crate::dist::targets::{GLIBC, TARGETS};
use crate::languages::node::NPM;
use crate::project::read;

pub(super) fn run(dist: &Dist, report: &mut Report) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let (python, npm, archives) = (dist.folder.join("python"), dist.folder.join("npm"), dist.folder.join("archives"));
    let files = shell.read_dir(&python)?;
    let count = files.len();
    report.check("wheels, source distribution", "twine check --strict", || {
        read(cmd!(shell, "twine --no-color check --strict {files...}").quiet())?;
        Ok(format!("{count} files"))
    });
    let tag = format!("manylinux_{}", GLIBC.replace('.', "_"));
    for target in TARGETS.into_iter().filter(|target| target.needs_glibc() && target.runner.is_none()) {
        let Ok(wheel) = find(&python, &["manylinux", target.triple.split('-').next().unwrap_or_default()]) else {
            continue;
        };
        report.check(&format!("wheel {}", target.triple), "auditwheel", || {
            let shown = read(cmd!(shell, "auditwheel show {wheel}").quiet())?;
            ensure!(shown.contains(&tag), "{shown}");
            Ok(tag.clone())
        });
    }
    for package in shell.read_dir(&npm)? {
        let name = package.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        report.check(&name, "npm publish --dry-run, publint", || {
            cmd!(shell, "{NPM} publish --dry-run --silent {package}").quiet().ignore_stdout().run()?;
            cmd!(shell, "npx --yes publint@0.3.25 --strict {package}").quiet().ignore_stdout().run()?;
            Ok("clean".to_owned())
        });
    }
    let package = find(&npm, &[&format!("clanforge-{}.tgz", dist.version)])?;
    report.check("npm package", "attw", || {
        cmd!(shell, "npx --yes --package @arethetypeswrong/cli@0.18.5 attw --quiet --profile node16 {package}")
            .quiet()
            .run()?;
        Ok("clean".to_owned())
    });
    report.check("crates", "cargo publish --dry-run", || {
        let packages: Vec<_> = CRATES.into_iter().flat_map(|name| ["--package", name]).collect();
        cmd!(shell, "cargo publish --quiet --dry-run --locked {packages...}").quiet().run()?;
        Ok(format!("{} crates", CRATES.len()))
    });
    report.check("archives", "SHA256SUMS", || {
        let _archives = shell.push_dir(&archives);
        let lines = read(cmd!(shell, "sha256sum --check SHA256SUMS").quiet())?;
        Ok(format!("{} files", lines.lines().count()))
    });
    Ok(())
}

/// Runs `install.sh` against a server that has the archives, and against one whose archive was changed.
pub(super) fn installer(dist: &Dist, report: &mut Report) {
    let shell = &dist.project.shell;
    let folder = dist.project.target.join("dist-roots/install");
    let release = folder.join("release");
    let (script, program, extension) = match cfg!(windows) {
        true => (&["powershell", "-ExecutionPolicy", "Bypass", "-File", "install.ps1"][..], "clanforge.exe", "zip"),
        false => (&["sh", "install.sh"][..], "clanforge", "gz"),
    };
    let (interpreter, script) = script.split_first().expect("a command");
    let install = |url: &str| {
        cmd!(shell, "{interpreter} {script...}")
            .env("CLANFORGE_DOWNLOAD", url)
            .env("CLANFORGE_INSTALL", folder.join("bin"))
            .quiet()
    };
    report.check(script.last().unwrap_or(&""), "installs, and refuses a changed archive", || {
        shell.remove_path(&folder)?;
        shell.create_dir(&folder)?;
        let archives = dist.folder.join("archives");
        shell.create_dir(&release)?;
        for archive in shell.read_dir(archives)? {
            shell.copy_file(archive, &release)?;
        }
        let server = Server::start(&release)?;
        install(&server.url).ignore_stdout().ignore_stderr().run()?;
        let version = {
            let command = folder.join("bin").join(program);
            read(cmd!(shell, "{command} --version").quiet())?
        };
        shell.remove_path(folder.join("bin"))?;
        for archive in shell.read_dir(&release)? {
            if archive.extension().is_some_and(|found| found == extension) {
                shell.write_file(archive, "changed")?;
            }
        }
        let refused = install(&server.url).ignore_status().output()?;
        let message = String::from_utf8_lossy(&refused.stderr);
        ensure!(!refused.status.success() && message.contains("checksum"), "a changed archive: {message}");
        ensure!(!folder.join("bin").join(program).exists(), "a changed archive was installed");
        Ok(version)
    });
}

/// Serves a folder on this machine.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(folder: &std::path::Path) -> anyhow::Result<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let process = Command::new("python")
            .args(["-m", "http.server", "--bind", "127.0.0.1", &free.port().to_string(), "--directory"])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let server = Self { process, url: format!("http://{free}") };
        for _ in 0..100 {
            if std::net::TcpStream::connect(free).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        None.context("the server of the archives does not start")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
