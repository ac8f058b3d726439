//! Settings: any file, and any environment after a null character. What is wrong is told with words.

#![no_main]

use doorward::settings::{Environment, Loader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (file, variables) = text.split_once('\0').unwrap_or((text, ""));
    let path = std::env::temp_dir().join(format!("doorward-fuzz-{}.toml", std::process::id()));
    std::fs::write(&path, file).expect("the file is written");
    let variables = variables.lines().filter_map(|line| line.split_once('='));
    let variables = variables.map(|(name, value)| (format!("DOORWARD_{name}"), value));
    let loader = Loader::new().config(&path).environment(Environment::new(variables));
    match loader.load() {
        Ok(settings) => assert_eq!(settings.validate(), Ok(()), "what was loaded is possible"),
        Err(errors) => assert!(errors.iter().all(|error| !error.to_string().contains('\n'))),
    }
});
