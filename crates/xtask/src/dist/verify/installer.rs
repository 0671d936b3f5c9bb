//! The scripts that install the archives.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use anyhow::ensure;
use xshell::{Shell, cmd};

use crate::project::read;

/// The script of this platform.
pub(super) const SCRIPT: &str = if cfg!(windows) { "install.ps1" } else { "install.sh" };

/// Runs the script against a server that has the archives, and against one whose archives were changed. Returns the version that
/// the installed command prints.
pub(super) fn verify(shell: &Shell, archives: &Path, folder: &Path) -> anyhow::Result<String> {
    let (interpreter, options, program, extension) = match cfg!(windows) {
        true => ("powershell", &["-ExecutionPolicy", "Bypass", "-File"][..], "clanforge.exe", "zip"),
        false => ("sh", &[][..], "clanforge", "gz"),
    };
    let (release, bin) = (folder.join("release"), folder.join("bin"));
    shell.remove_path(folder)?;
    shell.create_dir(&release)?;
    for archive in shell.read_dir(archives)? {
        shell.copy_file(archive, &release)?;
    }
    let url = serve(&release)?;
    let install = || {
        cmd!(shell, "{interpreter} {options...} {SCRIPT}")
            .env("CLANFORGE_DOWNLOAD", &url)
            .env("CLANFORGE_INSTALL", &bin)
            .quiet()
    };
    install().ignore_stdout().ignore_stderr().run()?;
    let command = bin.join(program);
    let version = read(cmd!(shell, "{command} --version").quiet())?;
    shell.remove_path(&bin)?;
    for archive in shell.read_dir(&release)? {
        if archive.extension().is_some_and(|found| found == extension) {
            shell.write_file(archive, "changed")?;
        }
    }
    let refused = install().ignore_status().output()?;
    let message = String::from_utf8_lossy(&refused.stderr);
    ensure!(!refused.status.success() && message.contains("checksum"), "a changed archive: {message}");
    ensure!(!command.exists(), "a changed archive was installed");
    Ok(version)
}

/// Serves the files of a folder on this machine until the program ends, and returns the URL.
fn serve(folder: &Path) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let folder = folder.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // If a client disconnects early, the script that is tested reports it.
            let _ = respond(stream, &folder);
        }
    });
    Ok(url)
}

fn respond(mut stream: TcpStream, folder: &Path) -> io::Result<()> {
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // The connection must not be closed before the whole request is read.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let name = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let (status, body) = match fs::read(folder.join(name)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::dist::packages::sums;
    use crate::dist::targets::TARGETS;
    use crate::project::Project;

    #[test]
    fn the_script_installs_the_archive_for_this_machine_unless_its_checksum_is_wrong() {
        let Project { shell, target } = Project::open().unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let folder = target.join("tmp/installer");
        let archives = folder.join("archives");
        shell.remove_path(&folder).unwrap();
        shell.create_dir(&archives).unwrap();
        for target in TARGETS.iter().filter(|target| !target.is_windows()) {
            let name = format!("clanforge-{version}-{}", target.triple);
            let command = folder.join("staged").join(&name).join("clanforge");
            shell.write_file(&command, format!("#!/bin/sh\necho clanforge {version}\n")).unwrap();
            cmd!(shell, "chmod +x {command}").quiet().run().unwrap();
            let (archive, staged) = (archives.join(format!("{name}.tar.gz")), folder.join("staged"));
            cmd!(shell, "tar -czf {archive} -C {staged} {name}").quiet().run().unwrap();
        }
        let checksums = sums(&shell.read_dir(&archives).unwrap()).unwrap();
        shell.write_file(archives.join("SHA256SUMS"), checksums).unwrap();
        let found = verify(&shell, &archives, &folder.join("installed")).unwrap();
        assert_eq!(found.trim(), format!("clanforge {version}"));
    }
}
