//! Short functions, short files.

use super::sources::{Function, Source};

const FILE_LINES: usize = 250;
const FUNCTION_LINES: usize = 50;
const MEDIAN_LINES: usize = 7;
const NINTH_DECILE_LINES: usize = 18;

pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        if source.lines > FILE_LINES {
            breaches.push(format!(
                "{}: {} lines of code, more than {FILE_LINES}",
                source.path, source.lines
            ));
        }
        let long = source
            .functions
            .iter()
            .filter(|function| function.lines > FUNCTION_LINES);
        breaches.extend(long.map(|function| too_long(source, function)));
    }
    let (median, ninth) = spread(sources);
    if median > MEDIAN_LINES || ninth > NINTH_DECILE_LINES {
        breaches.push(format!(
            "functions have grown: median {median} lines, ninth decile {ninth}"
        ));
    }
    breaches
}

pub(crate) fn summary(sources: &[Source]) -> String {
    let (median, ninth) = spread(sources);
    let lines: usize = sources.iter().map(|source| source.lines).sum();
    let longest = sources
        .iter()
        .map(|source| source.lines)
        .max()
        .unwrap_or_default();
    format!(
        "{} files, {lines} lines of code, the longest file {longest}; functions: median {median}, ninth decile {ninth}",
        sources.len()
    )
}

fn too_long(source: &Source, function: &Function) -> String {
    let Function { name, line, lines } = function;
    format!(
        "{}:{line}: `{name}` has {lines} lines, more than {FUNCTION_LINES}",
        source.path
    )
}

/// The median and the ninth decile of the functions' lengths.
fn spread(sources: &[Source]) -> (usize, usize) {
    let mut lines: Vec<usize> = sources
        .iter()
        .flat_map(|source| &source.functions)
        .map(|function| function.lines)
        .collect();
    lines.sort_unstable();
    let at = |tenths: usize| lines.get(lines.len() * tenths / 10).copied().unwrap_or_default();
    (at(5), at(9))
}
