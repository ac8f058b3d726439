//! Logging in and out in a browser (`[session]`): the pages, and who is known by a session
//! (`django.contrib.auth.views`, `rest_framework.authentication.SessionAuthentication`).

mod answers;
mod app;
mod authentication;
#[cfg(feature = "commands")]
mod clearsessions;
mod engine;
mod login;
mod login_page;
mod logout;
mod redirects;

#[cfg(feature = "commands")]
pub(crate) use app::EXPIRED;
pub(crate) use app::Logins;
pub use authentication::{CsrfExemptSessionAuthentication, SessionAuthentication};
pub use login::login;
pub use login_page::{Audience, LoginPage};
pub use logout::logout;
