//! `check`: whether the site could be served, and with `--deploy` whether it should be on the internet
//! (`django.core.management.commands.check`).

mod database;
mod files;
mod table;

use std::cmp::Reverse;

use clap::{Args, ValueEnum};
use doorward::Doorward;
use doorward::checks::{CheckMessage, Level};
use doorward::command::{Console, Failure, Json, Topic};
use doorward::serve::Draining;
use doorward::settings::Settings;

use crate::app;
use crate::entry::Entry;
use crate::options::Common;
use crate::settings;

const ABOUT: &str =
    "Check whether the site can be served; with --deploy, whether it should be on the internet";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Settings,
        "check",
        ABOUT,
        |common, options: Check, console| Box::pin(run(common, options, console)),
    )
}

#[derive(Debug, Args)]
struct Check {
    /// Check also what is unwise on the internet.
    #[arg(long)]
    deploy: bool,
    /// End with 1 where something of this level or above is found [default: ERROR; with --deploy, WARNING].
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    fail_level: Option<FailLevel>,
    #[command(flatten)]
    format: Json,
}

/// A [`Level`], as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "UPPER")]
enum FailLevel {
    Info,
    Warning,
    Error,
}

impl From<FailLevel> for Level {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Info => Self::Info,
            FailLevel::Warning => Self::Warning,
            FailLevel::Error => Self::Error,
        }
    }
}

/// Settings that are impossible end it before anything is checked, with 2, as they end every command.
async fn run(common: &Common, options: Check, console: &mut Console) -> Result<(), Failure> {
    let settings = settings::load(common)?;
    let mut found = database::check(&settings).await;
    match settings::without_database(settings.clone()).await {
        Ok(door) => found.extend(of_site(&door, common, &options, &settings)?),
        Err(failure) if options.deploy || !is_told(&failure, &found) => return Err(failure),
        Err(_) => {}
    }
    found.sort_by_key(|message| Reverse(message.level));
    let all = found.len();
    found.retain(|message| !is_silenced(message, &settings));
    table::show(&found, all - found.len(), &options.format, console)?;
    match found.iter().any(|message| message.level >= fail_level(&options)) {
        true => Err(Failure::Quiet),
        false => Ok(()),
    }
}

/// Whether why it does not open was found with the database already.
fn is_told(failure: &Failure, found: &[CheckMessage]) -> bool {
    let (Failure::Command(text) | Failure::Settings(text)) = failure else {
        return false;
    };
    found
        .iter()
        .any(|message| message.message.contains(text.as_str()))
}

/// What is asked of a door, and of its routes.
fn of_site(
    door: &Doorward,
    common: &Common,
    options: &Check,
    settings: &Settings,
) -> Result<Vec<CheckMessage>, Failure> {
    let routes = app::router(door, &Draining::default()).routes();
    let mut found = door.check_apps(settings, &routes);
    if options.deploy {
        found.extend(door.check_deployment(settings, &routes));
        found.extend(files::check(common, settings)?);
    }
    Ok(found)
}

fn is_silenced(message: &CheckMessage, settings: &Settings) -> bool {
    settings
        .silenced_checks
        .iter()
        .any(|id| id.as_str() == message.id)
}

/// Django's is ERROR in both cases; what `--deploy` asks for is an answer that a pipeline can stop at.
fn fail_level(options: &Check) -> Level {
    let usual = match options.deploy {
        true => Level::Warning,
        false => Level::Error,
    };
    options.fail_level.map_or(usual, Level::from)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use doorward::app::{App, Apps, Check as AppCheck, Site};
    use doorward::settings::{Section, SettingsErrors};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::*;
    use doorward_testing::TestConsole;

    /// `[cellar]`
    #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
    #[serde(default, deny_unknown_fields)]
    struct CellarSettings {
        /// How many barrels there are.
        barrels: u32,
    }

    impl Section for CellarSettings {
        const LABEL: &'static str = "cellar";
    }

    struct Cellar;

    impl App for Cellar {
        type Settings = CellarSettings;
        type State = Self;

        fn checks() -> Vec<AppCheck> {
            let check = AppCheck::new(|settings, _| {
                let is_dry = settings.section::<CellarSettings>().barrels == 0;
                let message = || {
                    CheckMessage::new(
                        "cellar.E001",
                        Level::Error,
                        "there is nothing to drink",
                        "fill it",
                    )
                };
                is_dry.then(message).into_iter().collect()
            });
            vec![check.ids(["cellar.E001"])]
        }

        fn resolve(_: CellarSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
            Ok(Self)
        }
    }

    async fn checked(folder: &Path, section: &str) -> (Result<(), Failure>, String) {
        let config = folder.join("doorward.toml");
        let key = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n";
        std::fs::write(&config, format!("{key}{section}")).unwrap();
        let common = Common {
            config: Some(config),
            database_url: Some("sqlite::memory:".to_owned()),
            log: None,
            apps: Apps::new().app::<Cellar>(),
        };
        let options = Check {
            deploy: false,
            fail_level: None,
            format: Json { json: false },
        };
        let mut console = TestConsole::new([]);
        let done = run(&common, options, &mut console).await;
        (done, console.text())
    }

    #[tokio::test]
    async fn checks_of_apps_are_asked() {
        let folder = tempfile::tempdir().unwrap();
        let (done, told) = checked(folder.path(), "").await;
        assert!(done.is_err());
        assert!(told.contains("cellar.E001") && told.contains("fill it"), "{told}");
        let (_, told) = checked(folder.path(), "[cellar]\nbarrels = 3\n").await;
        assert!(!told.contains("cellar"), "{told}");
    }

    #[tokio::test]
    async fn checks_of_apps_are_silenced_by_their_ids() {
        let folder = tempfile::tempdir().unwrap();
        let (_, told) = checked(folder.path(), "silenced_checks = [\"cellar.E001\"]\n").await;
        assert!(!told.contains("cellar") && told.contains("1 silenced"), "{told}");
        let (done, _) = checked(folder.path(), "silenced_checks = [\"cellar.E002\"]\n").await;
        let problem = "`cellar.E002` is unknown; did you mean `cellar.E001`?";
        assert!(
            matches!(&done, Err(Failure::Settings(told)) if told.contains(problem)),
            "{done:?}"
        );
    }
}
