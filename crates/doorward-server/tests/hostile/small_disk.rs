//! A small file system that a test can fill. Only a system administrator may mount one.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// It is taken away when this goes.
pub(crate) struct Disk(pub(crate) PathBuf);

impl Disk {
    /// Of that size, as `mount` has it, in that folder; none, and a line, where nobody may mount it.
    pub(crate) fn mounted(folder: PathBuf, size: &str) -> Option<Self> {
        let mut mount = Command::new("mount");
        let options = format!("size={size},mode=777");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder);
        let done = mount.output().is_ok_and(|output| output.status.success());
        if !done {
            skipped();
        }
        done.then_some(Self(folder))
    }

    /// Takes what room there is, to the last byte.
    pub(crate) fn fill(&self) {
        let mut file = File::create(self.0.join("fill")).expect("a file");
        for size in [64 << 10, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    pub(crate) fn free(&self) {
        fs::remove_file(self.0.join("fill")).expect("there is one");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped() {
    eprintln!("skipped: only a system administrator can mount a small disk");
}
