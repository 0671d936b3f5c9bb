//! No credentials in data, messages, logs, recordings, states of waits or process arguments, even if the service echoes them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use clanforge_test_faults::Echoes;

use crate::process::{against, command, run, simulator};

const KEYS: [(&str, &str); 2] =
    [("CLANFORGE_ACCESS_KEY", "canary-key-1f2e3d"), ("CLANFORGE_SECRET_KEY", "canary-secret-4c5b6a")];
/// The beginning of both keys as base64, as Basic authentication sends them.
const ENCODED: &str = "Y2FuYXJ5";

const TOKEN: &str = "canary-token-7a8b9c";

/// Returns a file with the token. It lives as long as the tests.
fn token_file() -> &'static Path {
    static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrecy-token");
        std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
        file
    });
    &FILE
}

/// Returns the command with each kind of credentials.
fn commands_with_credentials(url: &str) -> [Command; 4] {
    let [mut basic, mut signed, mut bearer, mut file] = [command(), command(), command(), command()];
    for command in [&mut basic, &mut signed, &mut bearer, &mut file] {
        command.env("CLANFORGE_BASE_URL", url).env("RUST_LOG", "trace");
    }
    basic.envs(KEYS);
    signed.envs(KEYS).env("CLANFORGE_AUTH_SCHEME", "sigv4");
    bearer.env("CLANFORGE_TOKEN", TOKEN);
    file.env("CLANFORGE_TOKEN_FILE", token_file());
    [basic, signed, bearer, file]
}

fn assert_clean(text: &str, whose: &str) {
    assert!(!text.to_lowercase().contains("canary") && !text.contains(ENCODED), "a secret shows in {whose}: {text}");
    // A signature is a secret until it expires.
    assert!(!text.replace("Signature=[redacted]", "").contains("Signature="), "a signature shows in {whose}: {text}");
}

#[test]
fn no_command_shows_credentials_that_a_service_echoes_or_sends_them_to_another_origin() {
    let echoes = Echoes::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for (number, url) in echoes.urls.iter().enumerate() {
            let record = folder.path().join(number.to_string());
            scope.spawn(move || {
                for (kind, mut asked) in commands_with_credentials(url).into_iter().enumerate() {
                    // Each command with some of the services, and all services with each kind of credentials.
                    let record = record.with_extension(kind.to_string());
                    let file = |name: &str| record.with_extension(format!("{kind}.{name}"));
                    let (state, report) = (file("state"), file("html"));
                    let (outputs, summary, step) = (file("env"), file("md"), file("step"));
                    match (number + kind) % 4 {
                        0 => asked.args(["status", "--detail", "-o", "json", "--log-format", "json", "--retries", "0"]),
                        1 => asked
                            .args(["check", "-o", "json", "--ci", "github", "--retries", "0", "--ci-outputs"])
                            .arg(&outputs)
                            .arg("--ci-summary")
                            .arg(&summary)
                            .env("GITHUB_OUTPUT", &step)
                            .env("GITHUB_STEP_SUMMARY", &step),
                        2 => asked.args(["baseline", "--retries", "0"]),
                        _ => asked
                            .args(["wait", "-o", "jsonl", "--timeout", "200ms", "--min-interval", "50ms", "--record"])
                            .arg(&record)
                            .arg("--state")
                            .arg(&state)
                            .arg("--report")
                            .arg(&report)
                            .args(["--ci", "azure"]),
                    };
                    let ended = run(asked.args(["--asid", "1", "--image", "2"]));
                    assert_ne!(ended.code, 0, "an echo is not a status: {ended:?}");
                    assert!(ended.stderr.contains("hyper"), "there are no logs to check: {ended:?}");
                    assert_clean(&ended.stdout, "stdout");
                    assert_clean(&ended.stderr, "stderr");
                    for file in [&record, &state, &report, &outputs, &summary, &step] {
                        assert_clean(&std::fs::read_to_string(file).unwrap_or_default(), &file.display().to_string());
                    }
                    let written = [&report, &outputs].into_iter().filter(|file| file.exists()).count();
                    assert_eq!(written, (number + kind) % 2, "there are no files to check: {ended:?}");
                }
            });
        }
    });
    assert!(!Path::new(&echoes.followed).exists(), "credentials left for another origin");
}

#[test]
fn the_files_of_a_wait_show_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rollout.jsonl");
    let simulator = simulator("refusal");
    let wait = ["wait", "--asid", "1", "--image", "2", "--timeout", "1s", "--min-interval", "50ms", "-o", "jsonl"];
    let state = folder.path().join("wait.json");
    let ended = run(against(&simulator).args(wait).arg("--record").arg(&file).arg("--state").arg(&state));
    let recorded = std::fs::read_to_string(&file).unwrap();
    assert!(recorded.lines().count() > 1, "{ended:?}");
    let kept = std::fs::read_to_string(&state).unwrap();
    let identity = simulator.identity();
    for text in [recorded, kept, ended.stdout, ended.stderr, run(command().arg("replay").arg(&file)).stdout] {
        for secret in [&identity.access_key, &identity.secret_key, &identity.token] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn credentials_are_not_sent_over_plain_http() {
    for [mut basic, mut signed, mut bearer, mut file] in
        [commands_with_credentials("http://service.example"), commands_with_credentials("http://192.0.2.1:8080")]
    {
        for command in [&mut basic, &mut signed, &mut bearer, &mut file] {
            let ended = run(command.args(["status", "--asid", "1", "--image", "2"]));
            assert_eq!(ended.code, 2, "{ended:?}");
            assert!(ended.stderr.contains("credentials would cross the network in clear text"), "{ended:?}");
            assert_clean(&ended.stderr, "stderr");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn process_arguments_have_no_secret() {
    // The connection is accepted by the system and never served, so that the process lives until it is killed.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let [mut waiting, ..] = commands_with_credentials(&format!("http://{}", listener.local_addr().unwrap()));
    let mut child = waiting
        .args(["wait", "--asid", "1", "--image", "2", "--timeout", "none", "--max-unreachable", "1h"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let file = format!("/proc/{}/cmdline", child.id());
    // Before exec, the child has the arguments of the test.
    let arguments = loop {
        let arguments = std::fs::read_to_string(&file).unwrap();
        if arguments.contains("--asid") {
            break arguments;
        }
        assert_eq!(child.try_wait().unwrap(), None, "the process ended by itself");
    };
    assert_clean(&arguments, "the arguments");
    child.kill().unwrap();
    child.wait().unwrap();
    // No option takes a secret.
    for subcommand in ["status", "check", "wait", "baseline"] {
        let help = run(command().args([subcommand, "--help"])).stdout.to_lowercase();
        let options: Vec<_> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
        assert!(options.contains(&"--asid"), "{help}");
        assert!(!options.iter().any(|option| option.contains("key") || option.contains("token")), "{options:?}");
    }
}

#[test]
fn mistakes_in_credentials_and_in_their_files_show_no_secret() {
    let simulator = simulator("happy");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let status = |name: &str, value: &str| {
        let asked = ["status", "--asid", "1", "--image", "2"];
        let ended = run(command()
            .env("CLANFORGE_BASE_URL", simulator.url())
            .env("RUST_LOG", "trace")
            .env(name, value)
            .args(asked));
        assert_clean(&ended.stdout, "stdout");
        assert_clean(&ended.stderr, "stderr");
        ended
    };
    for (content, expected) in [
        ("\u{feff}\u{200b}canary", "the invisible character U+200B"),
        ("canary\u{ad}", "the invisible character U+00AD"),
        ("\"canary\"", "within quotes"),
        ("$(CANARY)", "the name of a variable"),
        ("Bearer canary", "begins with an authentication scheme"),
        ("can\nary", "white space, or contains a control character"),
    ] {
        std::fs::write(&file, content).unwrap();
        let ended = status("CLANFORGE_TOKEN_FILE", file.to_str().unwrap());
        assert!(ended.code == 2 && ended.stderr.contains(expected), "{ended:?}");
    }
    // The secret itself in place of the name of its file.
    let misplaced = status("CLANFORGE_TOKEN_FILE", "canary-token");
    assert!(
        misplaced.code == 2 && misplaced.stderr.contains("the file that CLANFORGE_TOKEN_FILE names"),
        "{misplaced:?}"
    );
    std::fs::write(&file, simulator.identity().token.clone()).unwrap();
    assert_eq!(status("CLANFORGE_TOKEN_FILE", file.to_str().unwrap()).code, 0);
}
