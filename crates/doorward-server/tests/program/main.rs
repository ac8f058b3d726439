//! The program `doorward` as people use it: in a folder, over a real socket, with real signals.

mod accounts;
mod check;
mod commands;
mod first_run;
#[cfg(unix)]
#[cfg(test)]
mod keys;
#[cfg(test)]
mod pages;
mod serving;
mod settings;
#[cfg(test)]
mod support;
mod tls;
