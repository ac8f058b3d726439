//! [`Migrator`]: makes the tables, exactly as Django's migrations make them.
//!
//! On an empty database it makes what `manage.py migrate` makes for a project with `admin`, `auth`, `contenttypes`,
//! `sessions`, `authtoken` and `token_blacklist`: tables, indexes, the rows of `django_migrations`, content types and
//! permissions. On a database that Django made it adds what Doorward needs and the project lacks. Doorward's own
//! tables are called `doorward_*`; what Django made is never altered.
//!
//! An application's tables come along as an [`App`]:
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! use doorward_django::timestamp::Timestamp;
//! use doorward_db::{Database, Schema, migrations::{App, Migration, Migrator, Model}};
//!
//! let shop = App::new("shop")
//!     .migration(Migration::new("0001_initial").sqlite(&[
//!         r#"CREATE TABLE "shop_product" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
//!            "name" varchar(100) NOT NULL,
//!            "owner_id" {user_id} NULL REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED)"#,
//!     ]))
//!     .model(Model::new("product", "product"));
//! let database = Database::open("sqlite::memory:").await?;
//! let migrator = Migrator::new(&database, &Schema::default()).app(shop);
//! let plan = migrator.apply(Timestamp::from_secs(1_700_000_000)).await?;
//! assert_eq!(plan.steps().last().map(ToString::to_string).as_deref(), Some("shop.0001_initial"));
//! assert!(migrator.is_current().await?);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).expect("it works");
//! ```

mod app;
mod apply;
mod apps;
mod blueprint;
mod catalog;
mod definition;
mod error;
mod finding;
mod journal;
mod own;
mod plan;
mod problem;
mod shape;
mod survey;
mod types;

pub use app::{App, Migration, Model};
pub use error::MigrateError;
pub use plan::{Origin, Plan, Step};
pub use problem::{Flaw, Problem};

use doorward_django::timestamp::Timestamp;

use crate::database::{Database, DatabaseError, Source, Transaction, Trouble};
use crate::dialect::Dialect;
use crate::schema::{Names, Schema};
use catalog::Catalog;
use survey::Survey;

/// What the functions of this module give.
pub type Result<T, E = MigrateError> = std::result::Result<T, E>;

/// How often the end of another's migration is waited for, each time as long as for a lock: five minutes by the usual settings.
const TURNS: u32 = 60;

/// Makes and checks the tables of one database.
#[derive(Clone, Debug)]
pub struct Migrator {
    database: Database,
    schema: Schema,
    apps: Vec<App>,
}

/// An app with the migrations that are known or recorded, for `showmigrations`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppStatus {
    /// The app's label.
    pub label: String,
    /// Each migration's name, and when it was applied.
    pub migrations: Vec<(String, Option<Timestamp>)>,
}

impl Migrator {
    /// For the tables that `schema` names.
    #[must_use]
    pub fn new(database: &Database, schema: &Schema) -> Self {
        Self {
            database: database.clone(),
            schema: schema.clone(),
            apps: apps::django().into_iter().chain([own::later()]).collect(),
        }
    }

    /// With the tables of an application too, and with the migrations of [Doorward's own](Migration::own) that it brings.
    #[must_use]
    pub fn app(mut self, mut app: App) -> Self {
        own::add(&app.take_own(), &mut self.apps);
        if !app.is_empty() {
            self.apps.push(app);
        }
        self
    }

    /// The statements of Doorward's own migrations on that kind of database, each beside its migration's name, in their order.
    /// One that was released is never changed, and each only adds: an older process goes on beside a newer one.
    #[must_use]
    pub fn own_statements(&self, dialect: Dialect) -> Vec<(&'static str, &'static str)> {
        let first = Migration {
            statements: own::FIRST,
            ..Migration::new(own::first(Origin::New))
        };
        let all = std::iter::once(&first).chain(own::known(&self.apps));
        all.flat_map(|migration| {
            let statements = migration.statements.on(dialect).iter();
            statements.map(|statement| (migration.name, *statement))
        })
        .collect()
    }

    /// What [`apply`](Self::apply) would do.
    ///
    /// # Errors
    /// [`MigrateError::Refused`] when the database is in a state that no known migration leaves.
    pub async fn plan(&self) -> Result<Plan> {
        let (survey, names) = self.survey(Source::Database(&self.database)).await?;
        Plan::new(&survey, &self.apps, &names)
    }

    /// What is wrong with the tables that are recorded as made: they are compared, column by column, with what their
    /// migrations make. Tables of an application's own are not looked at.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn problems(&self) -> Result<Vec<Problem>> {
        let (survey, _) = self.survey(Source::Database(&self.database)).await?;
        let dropped = survey
            .dropped_own()
            .map(|(table, _)| Problem::NoTable(table.clone()));
        let newer = plan::newer(&survey, &self.apps).map(|name| Problem::Newer(name.to_owned()));
        Ok(dropped.chain(newer).chain(plan::problems_of(&survey)).collect())
    }

    /// Migrations of [Doorward's own](Self::own_statements) that a newer Doorward applied; they only added.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn newer(&self) -> Result<Vec<String>> {
        let survey = self.records().await?;
        Ok(plan::newer(&survey, &self.apps).map(str::to_owned).collect())
    }

    /// Whether the database can be written: writes a row of ours again as it is, and waits until that is on the disk.
    ///
    /// # Errors
    /// Where it cannot.
    pub async fn prove_writable(&self) -> Result<()> {
        let mut transaction = self.database.transaction().await?;
        for sql in self.database.dialect().touch_our_first_migration() {
            transaction.execute(*sql, []).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Whether there is nothing to do.
    ///
    /// # Errors
    /// As [`plan`](Self::plan).
    pub async fn is_current(&self) -> Result<bool> {
        Ok(self.plan().await?.steps().is_empty())
    }

    /// Does what is to do, in one transaction, recorded as applied at `now`; tells what was done.
    ///
    /// Of two that run at once, one waits and then finds nothing to do. Killed at any point, nothing was done; on MariaDB,
    /// where each table is committed by itself, it is done up to there, and the next call goes on from there.
    ///
    /// # Errors
    /// As [`plan`](Self::plan); nothing was changed then, but on MariaDB by statements before the one that failed.
    pub async fn apply(&self, now: Timestamp) -> Result<Plan> {
        let mut transaction = self.begin().await?;
        let (survey, names) = self.survey(Source::Transaction(&mut transaction)).await?;
        let plan = Plan::new(&survey, &self.apps, &names)?;
        if plan.steps().is_empty() {
            transaction.rollback().await?;
            return Ok(plan);
        }
        apply::run(&plan, &names, &mut transaction, now).await?;
        transaction.commit().await?;
        Ok(plan)
    }

    /// A transaction in which nobody else migrates. Another's migration may work on large tables, and is waited for longer
    /// than a lock is.
    async fn begin(&self) -> Result<Transaction> {
        let mut left = TURNS;
        loop {
            let mut transaction = self.database.transaction().await?;
            match transaction.exclusive(&["migrate"]).await {
                Err(error) if error.trouble() == Some(Trouble::Busy) && left > 0 => left -= 1,
                held => {
                    held?;
                    return Ok(transaction);
                }
            }
            transaction.rollback().await?;
        }
    }

    /// Every app by label, with its migrations, applied or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<AppStatus>> {
        Ok(self.records().await?.statuses(&self.apps))
    }

    async fn records(&self) -> Result<Survey> {
        let dialect = self.database.dialect();
        let mut source = Source::Database(&self.database);
        Ok(Survey::of_records(&mut source, dialect, &self.schema.times).await?)
    }

    async fn survey(&self, mut source: Source<'_>) -> Result<(Survey, Names)> {
        let names = names(&mut source, self.database.dialect(), &self.schema).await?;
        let survey = Survey::new(source, &self.apps, &names).await?;
        Ok((survey, names))
    }
}

/// What the tables are called, and of which type a column is that refers to a user.
async fn names(source: &mut Source<'_>, dialect: Dialect, schema: &Schema) -> Result<Names, DatabaseError> {
    let mut names = Names::new(dialect, schema);
    let Some(sql) = Catalog::of(dialect).type_of else {
        return Ok(names);
    };
    let (table, id) = (&schema.user.table, &schema.user.id_column);
    let rows = source
        .fetch_all(sql, vec![table.as_str().into(), id.as_str().into()])
        .await?;
    if let Some(row) = rows.first() {
        names.user_id = row.read(0)?;
    }
    Ok(names)
}
