//! Commands on a machine that starts no thread for them.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{command, run};

/// Returns a copy of the command that everybody may run. Another process writes it: a child of a parallel test could still
/// have it open, and the system runs no file that is open for writing.
fn copy_to(folder: &Path) -> PathBuf {
    let program = folder.join("clanforge");
    assert!(Command::new("cp").arg(command().get_program()).arg(&program).status().unwrap().success());
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
    program
}

/// Returns a command whose user may have one process or thread only. The user root has no limit: another runs it.
fn without_threads(program: &Path) -> Command {
    let user = ["setpriv", "--reuid=3000001", "--regid=3000001", "--clear-groups"];
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let words = user.iter().filter(|_| is_root).chain(&["prlimit", "--nproc=1"]);
    let words: Vec<_> = words.collect();
    let mut limited = Command::new(words[0]);
    limited.args(&words[1..]).arg(program).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    limited
}

#[test]
fn a_command_that_needs_a_thread_and_gets_none_is_a_local_error() {
    let folder = tempfile::tempdir().unwrap();
    let program = copy_to(folder.path());
    let call = ["--asid", "1", "--image", "2", "--base-url", "http://localhost:9"];
    for (arguments, call, expected) in [
        (&["simulate"][..], &[][..], "cannot start a thread for the simulator: "),
        (&["demo"], &[], "cannot start a thread for the simulator: "),
        (&["status", "--retries", "0"], &call, "could not start a thread that resolves localhost: "),
        (&["check", "--retries", "0"], &call, "could not start a thread that resolves localhost: "),
        (&["baseline", "--retries", "0"], &call, "could not start a thread that resolves localhost: "),
        (&["wait"], &call, "could not start a thread that receives signals: "),
    ] {
        let ended = run(without_threads(&program).env("CLANFORGE_TOKEN", "a-token").args(arguments).args(call));
        assert_eq!((ended.code, ended.stdout.as_str()), (9, ""), "{arguments:?}: {ended:?}");
        let error = ended.stderr.strip_prefix("error: ").unwrap_or_else(|| panic!("{arguments:?}: {ended:?}"));
        assert!(error.starts_with(expected) && error.lines().count() == 1, "{arguments:?}: {ended:?}");
    }
}
