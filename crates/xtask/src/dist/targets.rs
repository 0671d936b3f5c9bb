//! The platforms that have builds: the one list from which the loader of the npm package, the release workflow, the install
//! scripts and the page about installing are made.

use anyhow::Context;
use serde::Serialize;

/// A platform, and what is built for it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Target {
    /// Its Rust target triple.
    pub(crate) triple: &'static str,
    /// Its name in words.
    pub(crate) title: &'static str,
    /// Whether there is an archive of the command.
    pub(crate) command: bool,
    /// The compatibility tag of the wheel, if there is one.
    pub(crate) wheel: Option<&'static str>,
    /// The name of the platform in Node's terms, if there is an npm package.
    pub(crate) npm: Option<&'static str>,
    /// The GitHub runner that builds it with the tools of its platform; without one, Linux builds it with zig.
    pub(crate) runner: Option<&'static str>,
    /// What `cargo xtask dist --verify` runs of its builds on Linux on x64.
    pub(crate) runs: &'static str,
}

/// The oldest glibc that the builds for Linux need. Node 20 itself needs 2.28.
pub(crate) const GLIBC: &str = "2.17";

const GNU: Target = Target {
    triple: "x86_64-unknown-linux-gnu",
    title: "Linux, x64, glibc 2.17 or newer",
    command: true,
    wheel: Some("manylinux2014"),
    npm: Some("linux-x64-gnu"),
    runner: None,
    runs: "everything: the command and the npm package in Debian 11, the wheel on the machine itself",
};

const MUSL: Target = Target {
    triple: "x86_64-unknown-linux-musl",
    title: "Linux, x64, musl (Alpine), static",
    wheel: Some("musllinux_1_2"),
    npm: Some("linux-x64-musl"),
    runs: "the command",
    ..GNU
};

const WINDOWS: Target = Target {
    triple: "x86_64-pc-windows-msvc",
    title: "Windows, x64",
    wheel: Some("pypi"),
    npm: Some("win32-x64-msvc"),
    runner: Some("windows-2025"),
    runs: "nothing",
    ..GNU
};

const MACOS: Target = Target {
    triple: "aarch64-apple-darwin",
    title: "macOS, Apple silicon",
    wheel: Some("pypi"),
    npm: Some("darwin-arm64"),
    runner: Some("macos-15"),
    runs: "nothing",
    ..GNU
};

pub(crate) const TARGETS: [Target; 9] = [
    GNU,
    Target {
        triple: "aarch64-unknown-linux-gnu",
        title: "Linux, arm64, glibc 2.17 or newer",
        npm: Some("linux-arm64-gnu"),
        runs: "everything, under qemu in Debian 12",
        ..GNU
    },
    MUSL,
    Target {
        triple: "aarch64-unknown-linux-musl",
        title: "Linux, arm64, musl (Alpine), static",
        npm: Some("linux-arm64-musl"),
        runs: "the command, under qemu",
        ..MUSL
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        title: "Windows, x64, without Microsoft's C runtime",
        wheel: None,
        npm: None,
        runs: "the command, under Wine",
        ..GNU
    },
    MACOS,
    Target {
        triple: "x86_64-apple-darwin",
        title: "macOS, Intel",
        npm: Some("darwin-x64"),
        runner: Some("macos-15-intel"),
        ..MACOS
    },
    WINDOWS,
    Target {
        triple: "aarch64-pc-windows-msvc",
        title: "Windows, arm64",
        npm: Some("win32-arm64-msvc"),
        runner: Some("windows-11-arm"),
        ..WINDOWS
    },
];

impl Target {
    /// Returns the target with this triple.
    ///
    /// # Errors
    /// Returns an error if the list has none.
    pub(crate) fn named(triple: &str) -> anyhow::Result<Self> {
        let found = TARGETS.into_iter().find(|target| target.triple == triple);
        found.with_context(|| format!("there are no builds for {triple}"))
    }

    /// Whether the command is a Windows program.
    pub(crate) fn is_windows(&self) -> bool {
        self.triple.contains("windows")
    }

    /// Whether its programs need glibc.
    pub(crate) fn needs_glibc(&self) -> bool {
        self.triple.ends_with("linux-gnu")
    }

    /// Returns the triple as cargo-zigbuild expects it, with the version of glibc.
    pub(crate) fn for_zig(&self) -> String {
        match self.needs_glibc() {
            true => format!("{}.{GLIBC}", self.triple),
            false => self.triple.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How `node/src/platform.ts` makes the name.
    #[test]
    fn every_npm_platform_is_named_as_the_package_names_the_platform_that_it_runs_on() {
        for Target { triple, npm, .. } in TARGETS {
            let words: Vec<_> = triple.split('-').collect();
            let arch = if words[0] == "aarch64" { "arm64" } else { "x64" };
            let name = match words[2] {
                "linux" => format!("linux-{arch}-{}", words[3]),
                "windows" => format!("win32-{arch}-msvc"),
                system => format!("{system}-{arch}"),
            };
            assert!(npm.is_none_or(|npm| npm == name), "{triple}: {npm:?}");
        }
    }

    #[test]
    fn no_two_targets_have_the_same_npm_package() {
        let mut names: Vec<_> = TARGETS.iter().filter_map(|target| target.npm).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
