//! Whether the file descriptors that a client opened still belong to this process: a forked child shares those of its parent,
//! and a daemon closes all of them.

use std::fs::File;
use std::io;

/// Tells whether the descriptors that were opened together with its sentinel still belong to this process: they do as long as the
/// sentinel does. Descriptors that no longer do must not be closed: their numbers may be those of files that were opened since.
pub(crate) struct Descriptors {
    process: u32,
    sentinel: Option<File>,
    inode: u64,
}

impl Descriptors {
    pub(crate) fn new() -> io::Result<Self> {
        let sentinel = sentinel()?;
        let inode = sentinel.as_ref().map_or(Ok(0), inode)?;
        Ok(Self { process: std::process::id(), sentinel, inode })
    }

    /// Whether this process opened them, rather than its parent.
    pub(crate) fn are_of_this_process(&self) -> bool {
        self.process == std::process::id()
    }

    /// Whether this process opened them, and nobody has closed them.
    pub(crate) fn are_own(&self) -> bool {
        let is_open = |sentinel| inode(sentinel).is_ok_and(|inode| inode == self.inode);
        self.are_of_this_process() && self.sentinel.as_ref().is_none_or(is_open)
    }
}

impl Drop for Descriptors {
    fn drop(&mut self) {
        if !self.are_own() {
            std::mem::forget(self.sentinel.take());
        }
    }
}

/// Returns a pipe, whose inode no other file has.
#[cfg(unix)]
fn sentinel() -> io::Result<Option<File>> {
    io::pipe().map(|(reader, _)| Some(std::os::fd::OwnedFd::from(reader).into()))
}

#[cfg(unix)]
fn inode(file: &File) -> io::Result<u64> {
    file.metadata().map(|metadata| std::os::unix::fs::MetadataExt::ino(&metadata))
}

/// Returns nothing: other systems have no daemons that close descriptors.
#[cfg(not(unix))]
fn sentinel() -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(not(unix))]
fn inode(_: &File) -> io::Result<u64> {
    Ok(0)
}
