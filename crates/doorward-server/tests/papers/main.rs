//! What README and guide name exists: commands with their options, keys of the settings, paths of endpoints.

#[cfg(test)]
mod names;
#[cfg(test)]
mod pages;
