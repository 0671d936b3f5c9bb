//! Host names that resolve slowly: a shared library delays the name resolution of processes that are started with its
//! environment. The C compiler that Rust links with builds it (Linux).

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <unistd.h>

int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **found) {
    int (*resolve)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
    sleep(atoi(getenv("SLOW_NAMES_SECONDS")));
    return resolve(name, port, hints, found);
}
"#;

/// Returns the environment in which resolving any name takes this many seconds.
///
/// # Errors
/// If there is no C compiler.
pub(crate) fn slow(folder: &Path, seconds: u32) -> io::Result<Vec<(String, String)>> {
    let library = folder.join("slow-names.so");
    if !library.exists() {
        let mut compiler = Command::new("cc")
            .args(["-shared", "-fPIC", "-x", "c", "-", "-ldl", "-o"])
            .arg(&library)
            .stdin(Stdio::piped())
            .spawn()?;
        // Closed at the end of the statement, which ends the source.
        compiler.stdin.take().map(|mut source| source.write_all(SOURCE.as_bytes())).transpose()?;
        if !compiler.wait()?.success() {
            return Err(io::Error::other("the library that delays name resolution does not compile"));
        }
    }
    let environment =
        [("LD_PRELOAD", library.to_string_lossy().into_owned()), ("SLOW_NAMES_SECONDS", seconds.to_string())];
    Ok(environment.map(|(name, value)| (name.to_owned(), value)).to_vec())
}
