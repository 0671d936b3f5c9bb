//! The start of the command line, and one status read with it: ours and curl.

use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::race::{Rival, race};
use crate::server;

pub(crate) fn measure(command: &str) -> anyhow::Result<()> {
    if run(Command::new("curl").arg("--version")).is_err() {
        println!("\nskipped: curl is not installed");
        return Ok(());
    }
    let version = |program: &str| run(Command::new(program).arg("--version"));
    let rivals =
        vec![Rival::new("clanforge --version", || version(command)), Rival::new("curl --version", || version("curl"))];
    race("the start of the command line (goal: 1.5)", 41, 10, rivals)?;

    let address = server::start_fixed()?;
    let url = format!("http://{address}/cfp/v2/project/1234/image/5678/status");
    let rivals = vec![
        Rival::new("clanforge status", || {
            let arguments = ["status", "--asid", "1234", "--image", "5678", "-o", "json"];
            let address = ("CLANFORGE_BASE_URL", format!("http://{address}"));
            let mut status = Command::new(command);
            status.args(arguments).env(address.0, address.1);
            run(status.env("CLANFORGE_ACCESS_KEY", "key").env("CLANFORGE_SECRET_KEY", "secret"))
        }),
        Rival::new("curl --user", || {
            run(Command::new("curl").args(["--silent", "--fail", "--user", "key:secret", &url]))
        }),
    ];
    race("one status by the command line (goal: 1.5)", 41, 10, rivals)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status();
    ensure!(status.context(program.clone())?.success(), "{program} failed");
    Ok(())
}
