//! [`ResourceServer`]: a door that only verifies tokens.

use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::Request;
use axum::response::IntoResponse;
use doorward_core::Door;
use doorward_core::assembly::DoorBuilder;
use doorward_core::router::Router;
use doorward_core::settings::Settings;
use tower::Service;

use crate::{Result, apps, keys, redis, serve};

/// A service without users and database: it verifies the tokens that another one issues; cheap to clone.
///
/// It needs public keys (`jwt.verifying_key_file`, `jwt.keys`, `jwt.jwk_url`), or somebody to ask
/// (`jwt.introspection`), and no secret key. Its routes take a stateless token unless they say otherwise. See
/// [`Door::stateless`].
///
/// ```no_run
/// use axum::{Json, routing::get};
/// use doorward::prelude::*;
///
/// async fn hello(user: User) -> Json<String> {
///     Json(format!("hello, user {}", user.id()))
/// }
///
/// # async fn main_() -> doorward::Result {
/// let mut settings = Settings::default();
/// settings.jwt.algorithm = "RS256".to_owned();
/// settings.jwt.jwk_url = Some("https://id.example/.well-known/jwks.json".to_owned());
/// let service = ResourceServer::from_settings(settings)?;
/// let app = service.router().route("/hello/", get(hello));
/// service.serve(app).await
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ResourceServer {
    door: Door,
}

impl ResourceServer {
    /// A service with the settings of that file and of the environment.
    ///
    /// # Errors
    /// Settings that are wrong; also where nothing could verify a token.
    #[cfg(feature = "config")]
    pub fn open(path: impl Into<std::path::PathBuf>) -> Result<Self> {
        let loaded = crate::settings::Loader::new().default_file(path).read()?;
        let settings = loaded.settings().clone();
        match Self::from_settings(settings) {
            Err(crate::Error::Settings(errors)) => Err(loaded.locate(&errors).into()),
            opened => {
                loaded.fits()?;
                opened
            }
        }
    }

    /// A service with those settings.
    ///
    /// # Errors
    /// As [`ResourceServer::open`].
    pub fn from_settings(mut settings: Settings) -> Result<Self> {
        redis::refuse(
            &settings.redis,
            "a service without stores counts in its own process",
        )?;
        keys::read(&mut settings)?;
        // Nobody chooses a password here: the lists need not be on this host.
        settings.passwords.validators.clear();
        let door = keys::with_client(DoorBuilder::stateless(apps::with_own(settings)))?.build()?;
        Ok(Self { door })
    }

    /// Serves those routes at `server.bind` until the process is told to stop; keys in files are read again when
    /// they change.
    ///
    /// # Errors
    /// A route that cannot be served, and an address that cannot be listened on.
    pub async fn serve(&self, app: Router) -> Result {
        serve::door(&self.door, app).await
    }

    /// Serves any service of tower as [`serve`](Self::serve) serves routes: within the limits of `[server]`, and keys are read
    /// again. Guards and headers stand around the routes of [`Router::into_service`] only.
    ///
    /// # Errors
    /// An address that cannot be listened on.
    pub async fn serve_service<S>(&self, service: S) -> Result
    where
        S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send,
    {
        let server = serve::Server::bind(&self.door.settings().server).await?;
        serve::service(&self.door, server, service).await
    }
}

impl Deref for ResourceServer {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.door
    }
}
