//! Help texts and `clanforge completions`

use clanforge_cli::ExitCode;

use crate::process::{command, run};

#[test]
fn every_help_text_has_examples() {
    let overview = run(command().arg("--help"));
    assert_eq!((overview.code, overview.stderr.as_str()), (0, ""));
    for exit in ExitCode::ALL {
        assert!(overview.stdout.contains(&format!("  {:<4} {}", exit.code(), exit.meaning())), "{exit:?}");
    }
    for name in
        ["status", "check", "wait", "rollout", "baseline", "replay", "report", "simulate", "demo", "completions"]
    {
        assert!(overview.stdout.contains(&format!("\n  {name} ")), "{name}");
        let ended = run(command().args([name, "--help"]));
        assert!(ended.stdout.contains(&format!("Examples:\n  clanforge {name}")), "{ended:?}");
    }
}

#[test]
fn help_shows_no_credentials() {
    let ended =
        run(command().env("CLANFORGE_SECRET_KEY", "canary").env("CLANFORGE_TOKEN", "canary").args(["check", "--help"]));
    assert!(!ended.stdout.contains("canary"));
}

#[test]
fn completions_cover_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = run(command().args(["completions", shell]));
        assert_eq!(ended.code, 0);
        for name in ["status", "check", "simulate", "demo", "max-failed"] {
            assert!(ended.stdout.contains(name), "{shell} does not know {name}");
        }
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(command().arg("man").arg(folder.path()));
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, "", ""));
    for page in ["clanforge", "clanforge-status", "clanforge-wait", "clanforge-completions"] {
        let text = std::fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}: {text}");
    }
    let nowhere = run(command().arg("man").arg(folder.path().join("missing")));
    assert_eq!(nowhere.code, 9, "{nowhere:?}");
}

#[test]
fn the_version_is_printed() {
    assert_eq!(run(command().arg("--version")).stdout, concat!("clanforge ", env!("CARGO_PKG_VERSION"), "\n"));
}
