//! The rules of this project, as a check: sizes, direction of the crates, layers of their modules, names.

mod direction;
mod imports;
mod layers;
mod methods;
mod names;
mod order;
mod sizes;
pub(crate) mod sources;

use crate::run::root;

/// Checks every rule; prints each breach.
pub(crate) fn run() -> Result<(), String> {
    let sources = sources::all(&root())?;
    let breaches: Vec<String> = [
        sizes::check(&sources),
        direction::check(&root(), &sources),
        layers::check(&sources, &order::CRATES),
        methods::check(&sources, &order::CRATES),
        names::check(&root()),
    ]
    .concat();
    for breach in &breaches {
        println!("tidy: {breach}");
    }
    println!("{}", sizes::summary(&sources));
    match breaches.len() {
        0 => Ok(()),
        count => Err(format!("tidy: {count} rules are broken")),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        super::run().unwrap();
    }
}
