//! Properties of `clanforge replay`: the command on a file, as people run it.

use std::ffi::OsString;
use std::io::Write;

use clanforge_cli::{ExitCode, Streams};
use clanforge_core::monitor::{OutcomeKind, Update};
use clanforge_core::recording::parse;

/// Checks how `clanforge replay` ends on a file with this content.
pub fn recording(content: &[u8]) -> &'static str {
    let mut file = tempfile::NamedTempFile::new().expect("there is a folder for temporary files");
    file.write_all(content).expect("a temporary file can be written");
    let Replayed { exit, output, messages } = replay(&file, "jsonl");
    let text = replay(&file, "text");
    assert_eq!(text.exit, exit, "the output format changes the exit code: {messages}{}", text.messages);
    let updates: Vec<_> = parse(&output)
        .map_or_else(|_| Vec::new(), |recording| recording.waits.into_iter().flat_map(|wait| wait.updates).collect());
    let updates: Vec<Update> = updates.into_iter().map(|line| line.update.into_owned()).collect();
    let beginnings = content.windows(b"record".len()).filter(|window| *window == b"record").count();
    let ends = updates.iter().filter(|update| matches!(update, Update::Outcome(_))).count();
    // An escape may spell the word differently.
    assert!(ends <= beginnings || content.contains(&b'\\'), "{ends} outcomes of {beginnings} waits");
    // Earlier waits of the same file print messages as well.
    let says = |beginning: &str| messages.lines().any(|line| line.starts_with(beginning));
    match exit {
        ExitCode::Ready => {
            assert!(matches!(updates.last(), Some(Update::Outcome(outcome)) if outcome.kind == OutcomeKind::Ready));
            "ready"
        }
        ExitCode::Failed | ExitCode::Stalled | ExitCode::NotStarted | ExitCode::TimedOut => {
            assert!(matches!(updates.last(), Some(Update::Outcome(_))), "no outcome: {messages}");
            "not ready"
        }
        // An outcome, or the permanent error of a reading.
        ExitCode::Unreachable | ExitCode::Unauthorized => "unreachable",
        ExitCode::NotReady => {
            assert!(says("undecided: "), "{messages}");
            "undecided"
        }
        ExitCode::Usage => {
            assert!(says("error: "), "{messages}");
            "error"
        }
        other => panic!("a replay never ends as {other:?}: {messages}"),
    }
}

struct Replayed {
    exit: ExitCode,
    output: String,
    messages: String,
}

fn replay(file: &tempfile::NamedTempFile, format: &str) -> Replayed {
    let words = ["clanforge", "replay", "--output", format].map(OsString::from);
    let (mut output, mut messages) = (Vec::new(), Vec::new());
    let arguments = words.into_iter().chain([file.path().into()]);
    let exit = clanforge_cli::run(arguments, &mut Streams::new(&mut output, &mut messages));
    let text = |bytes| String::from_utf8(bytes).expect("the command writes UTF-8");
    Replayed { exit, output: text(output), messages: text(messages) }
}
