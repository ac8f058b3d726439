//! [`Doorward`]: a door on the database of its settings.

mod site;

use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::Request;
use axum::response::IntoResponse;
#[cfg(feature = "mail")]
use doorward_auth::mail::MailBuilderExt;
use doorward_core::Door;
use doorward_core::assembly::DoorBuilder;
#[cfg(feature = "first-run")]
use doorward_core::router::RouteInfo;
use doorward_core::router::Router;
use doorward_core::settings::{DatabaseSettings, Settings};
use doorward_sqlx::database::{self, PoolSettings};
use doorward_sqlx::local_times::{self, LocalTimes};
use doorward_sqlx::migrations::{MigrateError, Migrator};
use doorward_sqlx::samples::Samples;
use doorward_sqlx::{Database, Opening, Schema, open_stores};
use tower::Service;

pub use site::SiteBuilder;

#[cfg(feature = "first-run")]
use crate::first_run;
use crate::redis::Shared;
#[cfg(feature = "first-run")]
use crate::serve::StartLine;
use crate::serve::{self, Limits, Server};
use crate::{Error, Result, apps, keys, password_lists, session_cache};

/// A [`Door`] on the database that its settings name; cheap to clone.
///
/// It is a [`Door`] wherever one is wanted.
#[derive(Clone, Debug)]
pub struct Doorward {
    door: Door,
    database: Database,
    schema: Schema,
    #[cfg(feature = "first-run")]
    start: Start,
}

/// Whether somebody configured this door, or a first run did.
#[cfg(feature = "first-run")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Start {
    #[default]
    Configured,
    FirstRun,
}

impl Doorward {
    /// Opens a door with the settings of that file and of the environment.
    ///
    /// Where `DOORWARD_CONFIG` names another file, that one is read. A database that nobody has used yet gets its tables;
    /// any other is left as it is, for `doorward migrate`.
    ///
    /// Where there is no file, no secret key and no address of a database, and `server.bind` is one of this machine alone,
    /// this is a [first run](crate::first_run): the key, the database and a superuser are made in the working directory, or
    /// taken where an earlier first run made them (feature `first-run`). Elsewhere the environment must hold what has no
    /// default: `DOORWARD_SECRET_KEY`.
    ///
    /// # Errors
    /// Settings that are wrong, and a database that cannot be opened.
    #[cfg(feature = "config")]
    pub async fn open(path: impl Into<std::path::PathBuf>) -> Result<Self> {
        Self::site().open(path).await
    }

    /// A site with apps of its own, which are named one by one.
    ///
    /// ```no_run
    /// # use doorward::{Doorward, app::App};
    /// # async fn open<Shop: App>() -> doorward::Result<Doorward> {
    /// Doorward::site().app::<Shop>().open("doorward.toml").await
    /// # }
    /// ```
    pub fn site() -> SiteBuilder {
        SiteBuilder::default()
    }

    /// Opens a door with those settings. A database file that does not exist is made; its tables are made by
    /// [`Doorward::migrator`].
    ///
    /// # Errors
    /// As [`Doorward::open`].
    pub async fn from_settings(settings: Settings) -> Result<Self> {
        Self::from_settings_with(settings, |builder| builder).await
    }

    /// As [`Doorward::from_settings`], for a door that is given more before it opens: subscribers, backends, a mailer.
    ///
    /// ```no_run
    /// # use doorward::{Doorward, settings::Settings, authentication::backends::EmailBackend};
    /// # async fn open(settings: Settings) -> doorward::Result<Doorward> {
    /// Doorward::from_settings_with(settings, |door| {
    ///     door.backend(EmailBackend).on(|event| println!("{}", event.name()))
    /// })
    /// .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Doorward::open`].
    pub async fn from_settings_with(
        settings: Settings,
        with: impl FnOnce(DoorBuilder) -> DoorBuilder,
    ) -> Result<Self> {
        Self::from_settings_for(settings, Opening::OrMake, with).await
    }

    /// As [`Doorward::from_settings_with`], and `opening` says what may be done to the database: whether it is made, and
    /// whether it may be written.
    ///
    /// # Errors
    /// As [`Doorward::open`]; [`DatabaseError::Missing`](crate::database::DatabaseError::Missing) where there is no
    /// database and none was to be made.
    pub async fn from_settings_for(
        mut settings: Settings,
        opening: Opening,
        with: impl FnOnce(DoorBuilder) -> DoorBuilder,
    ) -> Result<Self> {
        keys::read(&mut settings)?;
        password_lists::read(&mut settings)?;
        let resolved = apps::with_own(settings).resolve()?;
        let settings = resolved.settings();
        let database = open_database(&settings.database, opening).await?;
        let schema = resolved.schema();
        #[cfg(feature = "mail")]
        let mailer = crate::mail::mailer(&settings.section::<crate::mail::MailSettings>())?;
        let (session, redis) = (settings.session.clone(), settings.redis.clone());
        let (shared, blacklist) = (Shared::open(&settings.redis).await?, settings.jwt.blacklist);
        let builder = shared.put_into(blacklist, open_stores(&database, &schema), |stores| {
            DoorBuilder::of(resolved, stores)
        });
        let builder = builder.database(&database).schema(&schema);
        let builder = session_cache::give(&session, &redis, builder).await?;
        #[cfg(feature = "mail")]
        let builder = match mailer {
            Some(mailer) => builder.shared_mailer(mailer),
            None => builder,
        };
        let door = with(keys::with_client(builder)?).build()?;
        Ok(Self {
            door,
            database,
            schema,
            #[cfg(feature = "first-run")]
            start: Start::default(),
        })
    }

    /// That door, with the database that it stands on; `None` where it stands on none.
    #[must_use]
    pub fn of(door: &Door) -> Option<Self> {
        Some(Self {
            database: door.database().ok()?.clone(),
            schema: door.opened::<Schema>().cloned().unwrap_or_default(),
            door: door.clone(),
            #[cfg(feature = "first-run")]
            start: Start::default(),
        })
    }

    /// The database, for the application's own tables.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What the tables are called.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What makes the tables, those of the site's apps among them: give it others with [`Migrator::app`], then
    /// [`apply`](Migrator::apply) it.
    #[must_use]
    pub fn migrator(&self) -> Migrator {
        let migrator = Migrator::new(&self.database, &self.schema);
        let apps = self.settings().all_apps().tables().into_iter();
        apps.fold(migrator, Migrator::app)
    }

    /// What speaks for it that Django keeps local times in this database (`USE_TZ = False`), where UTC is read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn local_times(&self) -> Result<Option<LocalTimes>> {
        let cookie_age = self.settings().session.cookie_age.duration();
        let (database, schema, keys) = (&self.database, &self.schema, self.secret_keys());
        Ok(local_times::evidence(database, schema, keys, cookie_age, self.now()).await?)
    }

    /// Some of the credentials that the database holds, to try whether these settings open them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn samples(&self) -> Result<Samples> {
        Ok(Samples::read(&self.database, &self.schema, self.now()).await?)
    }

    /// Serves those routes at `server.bind` until the process is told to stop; requests in flight are finished.
    ///
    /// One [line](serve::StartLine) tells where. In a program that logs (see [`logging`](crate::logging)), each request
    /// has an id and a [line](crate::access_log) too.
    ///
    /// # Errors
    /// A route that cannot be served, and an address that cannot be listened on.
    pub async fn serve(&self, app: Router) -> Result {
        let routes = app.routes();
        let service = Limits::new(app.into_service()?);
        let server = Server::bind(&self.settings().server).await?;
        self.tell_of_database().await;
        #[cfg(feature = "first-run")]
        self.welcome(&server, &routes).await?;
        serve::run(&self.door, server, service, Some(routes.len())).await
    }

    /// Serves any service of tower at `server.bind`, as [`Doorward::serve`] serves routes: within the limits of `[server]`, with
    /// keys that are read again and the chores of apps. For layers that stand around all that the door does, or for an
    /// [`axum::Router`] that has the door's service in it.
    ///
    /// What the door puts around its routes (their guards, allowed hosts, CORS, the security headers) stands around the routes
    /// of [`Router::into_service`] only; everything else in the service is open to whoever asks.
    ///
    /// ```no_run
    /// use axum::routing::get;
    /// use doorward::prelude::*;
    /// # async fn example(door: Doorward) -> doorward::Result {
    /// let app = door.router().route("/", get(async || "hello")).into_service()?;
    /// let logged = tower::ServiceBuilder::new()
    ///     .map_request(|request: axum::extract::Request| {
    ///         println!("{} {}", request.method(), request.uri());
    ///         request
    ///     })
    ///     .service(app);
    /// door.serve_service(logged).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// An address that cannot be listened on.
    pub async fn serve_service<S>(&self, service: S) -> Result
    where
        S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send,
    {
        let server = Server::bind(&self.settings().server).await?;
        self.tell_of_database().await;
        #[cfg(feature = "first-run")]
        self.welcome(&server, &[]).await?;
        serve::service(&self.door, server, service).await
    }
}

#[cfg(feature = "config")]
impl SiteBuilder {
    /// Opens the site with the settings of that file and of the environment, as [`Doorward::open`] does.
    ///
    /// # Errors
    /// As [`Doorward::open`]; also an app that another one needs and that is missing.
    pub async fn open(self, path: impl Into<std::path::PathBuf>) -> Result<Doorward> {
        use doorward_sqlx::migrations::Origin;

        let loader = self.loader().default_file(path);
        #[cfg(feature = "first-run")]
        let settings = {
            let loaded = loader.clone().read()?;
            if first_run::is_first_run(&loaded) {
                return Doorward::first_run(loader, self).await;
            }
            first_run::checked(&loaded)?
        };
        #[cfg(not(feature = "first-run"))]
        let settings = loader.load()?;
        let door = Doorward::from_settings_with(settings, |door| self.give(door)).await?;
        let migrator = door.migrator();
        if migrator.plan().await?.origin() == Origin::New {
            migrator.apply(door.now()).await?;
        }
        Ok(door)
    }
}

#[cfg(feature = "first-run")]
impl Doorward {
    /// A door on what a first run makes, or made. Where the address is taken, nothing is made.
    async fn first_run(loader: crate::settings::Loader, site: SiteBuilder) -> Result<Self> {
        let planned = first_run::plan(loader.clone())?;
        first_run::demand_free(&planned.server.bind)?;
        let settings = first_run::settings(loader)?;
        let door = Self::from_settings_with(settings, |door| site.give(door)).await?;
        first_run::prepare(&door, &door.migrator()).await?;
        let start = Start::FirstRun;
        Ok(Self { start, ..door })
    }

    /// Says what a first run made, and how to call it.
    async fn welcome(&self, server: &Server, routes: &[RouteInfo]) -> Result {
        if self.start == Start::Configured {
            return Ok(());
        }
        let base = StartLine::new(&self.door, server, None)?.base();
        first_run::Welcome::new(&self.door, &base, routes).await?.say();
        Ok(())
    }
}

impl Doorward {
    /// Tells in the log what will keep logins from being answered, or answered rightly. What can be read is served all the
    /// same.
    async fn tell_of_database(&self) {
        if let Err(MigrateError::Database(error)) = self.migrator().prove_writable().await
            && error.trouble().is_some()
        {
            let cause = Error::from(error);
            tracing::error!(error.cause = %cause, "logins and tokens are refused with 503 until this is mended");
        }
        self.warn_of_newer().await;
        if let Ok(Some(evidence)) = self.local_times().await {
            tracing::warn!(%evidence, "{}", LocalTimes::MEANING);
        }
    }
}

impl Doorward {
    /// Tells in the log which migrations a newer Doorward has applied to this database: they only add, and what they added is
    /// not used here. [`Doorward::serve`] does it.
    pub async fn warn_of_newer(&self) {
        let newer = self.migrator().newer().await.unwrap_or_default();
        if !newer.is_empty() {
            let migrations = newer.join(", ");
            tracing::warn!(%migrations, "a newer Doorward has migrated this database; what it added is not used here");
        }
    }
}

impl Deref for Doorward {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.door
    }
}

/// The database of a site, with the connections that its section allows.
async fn open_database(settings: &DatabaseSettings, opening: Opening) -> database::Result<Database> {
    let pool = PoolSettings {
        max_connections: settings.max_connections,
        pool_timeout: settings.pool_timeout.duration(),
        connect_timeout: settings.connect_timeout.duration(),
        lock_timeout: settings.lock_timeout.duration(),
        max_lifetime: settings.max_lifetime.duration(),
        prepared_statements: settings.prepared_statements,
    };
    Database::open_with(settings.url.expose(), opening, &pool).await
}
