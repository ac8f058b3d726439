//! Imports go down only: each crate's modules stand in layers, and no circle of modules is left.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::module_of;
use super::order::Crate;
use super::sources::Source;

/// What to do about an import of a module above.
const REMEDY: &str = "move what both need to a module below, take it as a trait or a value, or write the method in the \
                      module above";

/// A module imports another one: where.
type Edges<'a> = BTreeMap<(String, String), (&'a str, usize)>;

/// What breaks the order of the modules of these crates.
pub(crate) fn check(sources: &[Source], crates: &[Crate]) -> Vec<String> {
    let unknown = unknown_crates(sources, crates);
    let broken = crates.iter().flat_map(|one| Modules::of(one, sources).breaches());
    unknown.into_iter().chain(broken).collect()
}

fn unknown_crates(sources: &[Source], crates: &[Crate]) -> BTreeSet<String> {
    let names = sources.iter().filter_map(|source| crate_of(&source.path));
    names
        .filter(|name| !crates.iter().any(|one| one.name == *name))
        .map(|name| {
            format!("crates/{name}: its modules have no order; give it one in xtask/src/tidy/order.rs")
        })
        .collect()
}

pub(super) fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

/// The modules of one crate, and who imports whom.
struct Modules<'a> {
    rules: &'a Crate,
    names: BTreeSet<String>,
    edges: Edges<'a>,
}

impl<'a> Modules<'a> {
    fn of(rules: &'a Crate, sources: &'a [Source]) -> Self {
        let own: Vec<&Source> = sources
            .iter()
            .filter(|source| crate_of(&source.path) == Some(rules.name))
            .collect();
        let tests: Vec<&Vec<String>> = own.iter().flat_map(|source| &source.test_modules).collect();
        let is_test = |source: &Source| {
            let module = module_of(&source.path);
            tests.iter().any(|test| module.starts_with(test))
        };
        let own: Vec<&Source> = own.into_iter().filter(|source| !is_test(source)).collect();
        let names = own
            .iter()
            .filter_map(|source| module_of(&source.path).into_iter().next());
        let mut modules = Self {
            rules,
            names: names.collect(),
            edges: Edges::new(),
        };
        own.iter().for_each(|source| modules.read(source, &own));
        modules
    }

    fn read(&mut self, source: &'a Source, own: &[&Source]) {
        for import in &source.imports {
            let target = import.to.first().and_then(|name| self.home(name, own));
            if let (Some(from), Some(to)) = (import.from.first(), target)
                && *from != to
            {
                let place = (source.path.as_str(), import.line);
                self.edges.entry((from.clone(), to)).or_insert(place);
            }
        }
    }

    /// The module of a name that stands behind `crate::`: its own, or the one that the root has it from.
    fn home(&self, name: &str, own: &[&Source]) -> Option<String> {
        if self.names.contains(name) {
            return Some(name.to_owned());
        }
        let mut passed_on = own.iter().flat_map(|source| &source.passed_on);
        let (_, home) = passed_on.find(|(passed, _)| passed == name)?;
        self.names.contains(home).then(|| home.clone())
    }

    fn breaches(&self) -> Vec<String> {
        let upward = self
            .edges
            .iter()
            .filter(|((from, to), _)| self.rules.is_upward(from, to));
        let upward = upward.map(|((from, to), (path, line))| {
            format!("{path}:{line}: `{from}` imports `{to}`, which stands above it; {REMEDY}")
        });
        self.unplaced()
            .into_iter()
            .chain(upward)
            .chain(self.circles())
            .chain(self.unneeded())
            .collect()
    }

    /// Modules without a place, and places without a module.
    fn unplaced(&self) -> Vec<String> {
        let name = self.rules.name;
        let placed = || self.rules.layers.iter().flat_map(|layer| *layer);
        let unplaced = self.names.iter().filter(|module| self.layer(module).is_none());
        let unplaced = unplaced.map(|module| {
            format!("crates/{name}: the module `{module}` has no place in the order; give it one in xtask/src/tidy/order.rs")
        });
        let gone = placed().filter(|module| !self.names.contains(**module));
        let gone = gone.map(|module| {
            format!("crates/{name}: the order has a place for `{module}`, which is no module; take it out")
        });
        unplaced.chain(gone).collect()
    }

    fn layer(&self, module: &str) -> Option<usize> {
        self.rules.layer(module)
    }

    /// Each circle once: the shortest way round from its first module, by name.
    fn circles(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for module in &self.names {
            if seen.contains(module) {
                continue;
            }
            if let Some(way) = self.way_round(module) {
                circles.push(self.circle(&way));
                seen.extend(way);
            }
        }
        circles
    }

    fn circle(&self, way: &[String]) -> String {
        let places = way.iter().zip(way.iter().skip(1));
        let places = places.filter_map(|(from, to)| self.edges.get(&(from.clone(), to.clone())));
        let places: Vec<String> = places.map(|(path, line)| format!("{path}:{line}")).collect();
        format!(
            "crates/{}: a circle of modules: {} ({})",
            self.rules.name,
            way.join(" → "),
            places.join(", ")
        )
    }

    fn way_round(&self, start: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![start.to_owned()]];
        let mut reached = BTreeSet::new();
        while !ways.is_empty() {
            let longer: Vec<Vec<String>> = ways.iter().flat_map(|way| self.continued(way)).collect();
            if let Some(way) = longer
                .iter()
                .find(|way| way.last().is_some_and(|end| end == start))
            {
                return Some(way.clone());
            }
            let is_new = |way: &Vec<String>| way.last().is_some_and(|end| reached.insert(end.clone()));
            ways = longer.into_iter().filter(is_new).collect();
        }
        None
    }

    fn continued(&self, way: &[String]) -> Vec<Vec<String>> {
        let edges = self
            .edges
            .keys()
            .filter(|(from, to)| !self.rules.is_excepted(from, to));
        let next = edges.filter(|(from, _)| way.last() == Some(from));
        next.map(|(_, to)| [way, std::slice::from_ref(to)].concat())
            .collect()
    }

    /// Exceptions that nothing needs any more: the list only shrinks.
    fn unneeded(&self) -> Vec<String> {
        let is_needed = |from: &str, to: &str| {
            let edge = (from.to_owned(), to.to_owned());
            self.edges.contains_key(&edge) && self.layer(from) <= self.layer(to)
        };
        let exceptions = self.rules.exceptions.iter();
        exceptions
            .filter(|(from, to)| !is_needed(from, to))
            .map(|(from, to)| {
                let name = self.rules.name;
                format!("crates/{name}: the exception {from} → {to} is not needed any more; take it out")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
