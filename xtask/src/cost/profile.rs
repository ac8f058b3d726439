//! [`Profile`]: what callgrind wrote (its manual, "Callgrind Format Specification").

use std::collections::BTreeMap;

/// Functions that take memory.
const ALLOCATING: [&str; 5] = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"];

/// Where memory is managed, in the C library.
const MEMORY: [&str; 6] = ["alloc", "free", "_int_", "memalign", "tcache", "unlink_chunk"];

/// The instructions that each function ran by itself, and how often it was called.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    functions: BTreeMap<String, Function>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Function {
    instructions: u64,
    calls: u64,
}

impl Profile {
    /// Reads what is known of a file in callgrind's format whose only event is the instruction.
    pub(super) fn parse(text: &str) -> Self {
        let mut reader = Reader::default();
        text.lines().for_each(|line| reader.read(line));
        reader.profile
    }

    pub(super) fn instructions(&self) -> u64 {
        self.functions
            .values()
            .map(|function| function.instructions)
            .sum()
    }

    pub(super) fn allocations(&self) -> u64 {
        let allocating = ALLOCATING.iter().filter_map(|name| self.functions.get(*name));
        allocating.map(|function| function.calls).sum()
    }

    /// The instructions by module: the first one of ours that a function's name holds, else whose function it is.
    pub(super) fn by_module(&self) -> BTreeMap<String, u64> {
        let mut modules = BTreeMap::new();
        for (name, function) in &self.functions {
            *modules.entry(module(name)).or_default() += function.instructions;
        }
        modules
    }
}

/// Reads line by line.
#[derive(Default)]
struct Reader {
    profile: Profile,
    /// Names are told once, and later only by number.
    names: BTreeMap<String, String>,
    function: String,
    callee: String,
    /// Whether the next line tells what a call cost, which is the callee's.
    is_call: bool,
}

impl Reader {
    fn read(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("fn=") {
            self.function = self.name(name);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            self.callee = self.name(name);
        } else if let Some(calls) = line.strip_prefix("calls=") {
            let count = calls.split(' ').next().and_then(|count| count.parse().ok());
            self.at(self.callee.clone()).calls += count.unwrap_or(0);
            self.is_call = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            self.cost(line);
        }
    }

    /// A line of the source, and what it cost.
    fn cost(&mut self, line: &str) {
        let cost = line.split(' ').nth(1).and_then(|cost| cost.parse().ok());
        if !std::mem::take(&mut self.is_call) {
            self.at(self.function.clone()).instructions += cost.unwrap_or(0);
        }
    }

    /// `(12) name`, or `(12)` where the name was told before. A function that calls itself is counted as one.
    fn name(&mut self, text: &str) -> String {
        let (number, name) = text.split_once(' ').unwrap_or((text, ""));
        if !name.is_empty() {
            let name = name.split('\'').next().unwrap_or(name);
            self.names.insert(number.to_owned(), name.to_owned());
        }
        self.names.get(number).cloned().unwrap_or_default()
    }

    fn at(&mut self, name: String) -> &mut Function {
        self.profile.functions.entry(name).or_default()
    }
}

fn module(name: &str) -> String {
    if !name.contains("::") {
        let is_memory = MEMORY.iter().any(|word| name.contains(word));
        let is_copy = name.contains("mem") && !is_memory;
        return match (is_memory, is_copy) {
            (true, _) => "C library: allocation".to_owned(),
            (_, true) => "C library: copies and comparisons".to_owned(),
            _ => "C library and system".to_owned(),
        };
    }
    let ours = name.find("doorward").and_then(|at| name.get(at..));
    let path = ours.unwrap_or_else(|| name.trim_start_matches(|first: char| !first.is_alphanumeric()));
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let path = path.split(|letter| !is_path(letter)).next().unwrap_or(path);
    let segments = path.split("::").filter(|segment| !segment.is_empty());
    segments.take(2).collect::<Vec<_>>().join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
events: Ir
fl=(1) guard.rs
fn=(1) <doorward_core::guard::Guard as tower_service::Service<R>>::call
12 100
+3 20
cfn=(2) malloc
calls=5 0
+1 400

fn=(2)
0 300
cfn=(3) core::ptr::drop_in_place<doorward_core::security::Served>'2
calls=1 7
* 50
summary: 470
";

    #[test]
    fn functions_have_their_own_instructions_and_their_calls() {
        let profile = Profile::parse(TEXT);
        assert_eq!(profile.instructions(), 420);
        assert_eq!(profile.allocations(), 5);
        let modules = profile.by_module();
        assert_eq!(modules.get("doorward_core::guard"), Some(&120));
        assert_eq!(modules.get("C library: allocation"), Some(&300));
        assert_eq!(modules.get("doorward_core::security"), Some(&0));
    }
}
