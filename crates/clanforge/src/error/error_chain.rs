//! Reading the source chain of errors of other crates.

use std::error::Error as StdError;
use std::io;

/// The longest text of one cause; TLS libraries print whole certificates and lists of algorithms.
const MAX_CAUSE_CHARS: usize = 300;

/// Returns each error below `error`, including those that `io::Error` wraps without reporting them as its source.
pub(crate) fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(source(error), |error| source(*error))
}

/// Returns the first error below `error` that has this type.
pub(crate) fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// The beginnings of errors of the HTTP library that only pass on a cause.
const PASSED_ON: [&str; 2] = ["client error (", "tcp connect error"];

/// Returns the texts of the errors below `error`, without those that only repeat the one above or pass the one below on.
pub(crate) fn cause_texts(error: &(dyn StdError + 'static)) -> Vec<String> {
    let says_more = |cause: &&(dyn StdError + 'static)| {
        let text = cause.to_string();
        source(*cause).is_none() || !PASSED_ON.iter().any(|passed_on| text.starts_with(passed_on))
    };
    let mut texts: Vec<String> = chain(error).filter(says_more).map(|cause| cut(&cause.to_string())).collect();
    texts.dedup();
    texts
}

/// Returns the root cause of `error` in plain words: `connection refused` rather than `Connection refused (os error 111)`.
pub(crate) fn plain_cause(error: &(dyn StdError + 'static)) -> String {
    let root = chain(error).last().unwrap_or(error);
    let text = root.to_string();
    let Some(error) = root.downcast_ref::<io::Error>().filter(|error| error.raw_os_error().is_some()) else {
        return cut(&text);
    };
    // For codes without a kind, the words of the operating system say more than "uncategorized error".
    match error.kind().to_string() {
        kind if kind == "uncategorized error" => text.split(" (os error").next().unwrap_or_default().to_owned(),
        kind => kind,
    }
}

/// Returns `text`, cut to the length of one cause.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CAUSE_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn source<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_cause_is_stated_in_plain_words() {
        let os = |code| io::Error::other(io::Error::from_raw_os_error(code));
        let refused = if cfg!(windows) { 10061 } else { 111 };
        if cfg!(any(windows, target_os = "linux")) {
            assert_eq!(plain_cause(&os(refused)), "connection refused");
        }
        // EPROTO has no kind of its own.
        if cfg!(target_os = "linux") {
            assert_eq!(plain_cause(&os(71)), "Protocol error");
        }
        assert_eq!(plain_cause(&io::Error::other("the vault is sealed")), "the vault is sealed");
    }

    #[test]
    fn a_cause_is_stated_once_and_cut_to_a_line() {
        let error = io::Error::other(io::Error::other(io::Error::other("é".repeat(1000))));
        assert_eq!(cause_texts(&error), [format!("{}…", "é".repeat(MAX_CAUSE_CHARS))]);
    }
}
