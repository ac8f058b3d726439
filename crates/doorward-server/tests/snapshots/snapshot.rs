//! A text, compared with the one that is stored.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of context around what differs.
const CONTEXT: usize = 3;

/// The stored text of that name; nothing where there is none yet.
pub(crate) fn stored(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_default()
}

/// Compares a text with the stored one of that name; with `DOORWARD_BLESS=1` it takes its place.
#[track_caller]
pub(crate) fn compare(name: &str, text: &str) {
    let stored = stored(name);
    if stored == text {
        return;
    }
    if is_blessed() {
        return fs::write(path(name), text).expect("the text is written");
    }
    panic!(
        "{name}.txt is not what is told now; `DOORWARD_BLESS=1` writes it anew:\n{}",
        diff(&stored, text)
    );
}

fn path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    folder.join(format!("{name}.txt"))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test, no setting")]
fn is_blessed() -> bool {
    std::env::var_os("DOORWARD_BLESS").is_some_and(|value| value == "1")
}

/// The lines that differ, marked `-` and `+`, and some around them.
fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = marked(&old, &new);
    let near = |place: usize| {
        let (first, last) = (place.saturating_sub(CONTEXT), place + CONTEXT + 1);
        let around = lines.get(first..last.min(lines.len())).unwrap_or_default();
        around.iter().any(|line| !line.starts_with(' '))
    };
    let shown = lines.iter().enumerate().filter(|(place, _)| near(*place));
    shown.map(|(_, line)| format!("{line}\n")).collect()
}

/// Every line of both, in order: what they have in common stands once.
fn marked(old: &[&str], new: &[&str]) -> Vec<String> {
    let common = common_lengths(old, new);
    let longest = |left: usize, right: usize| common.get(left).and_then(|row| row.get(right)).copied();
    let (mut left, mut right) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(left), new.get(right)) {
            (None, None) => return lines,
            (Some(old), Some(new)) if old == new => {
                lines.push(format!(" {old}"));
                (left, right) = (left + 1, right + 1);
            }
            (Some(old), new) if new.is_none() || longest(left + 1, right) >= longest(left, right + 1) => {
                lines.push(format!("-{old}"));
                left += 1;
            }
            (_, new) => {
                lines.extend(new.map(|new| format!("+{new}")));
                right += 1;
            }
        }
    }
}

/// How many lines the rests of both have in common, from each line of the one and each of the other on.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut rows = vec![vec![0; new.len() + 1]];
    for left in old.iter().rev() {
        let below = rows.last().expect("there is the first row").clone();
        let mut row = vec![0; new.len() + 1];
        for (place, right) in new.iter().enumerate().rev() {
            row[place] = match left == right {
                true => below[place + 1] + 1,
                false => below[place].max(row[place + 1]),
            };
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[test]
fn a_diff_shows_what_differs_and_some_lines_around_it() {
    let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    let new = "1\n2\n3\n4\n5\nsix\n7\n8\n9\n10\n";
    assert_eq!(diff(old, new), " 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n+10\n");
    assert_eq!(diff("a\n", ""), "-a\n");
    assert_eq!(diff("", "a\n"), "+a\n");
}
