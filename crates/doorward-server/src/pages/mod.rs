//! [`Pages`]: pages for browsers: the start page and the admin site's first room. They work without scripts, and everything
//! they need is in them.

mod admin;
mod start;

use std::sync::Arc;

use askama::Template;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use doorward::ApiException;
use doorward::app::{App, Endpoint, Installed, Site};
use doorward::exceptions::Result;
use doorward::settings::{Section, SettingsErrors};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The pages, as an app.
pub(crate) struct Pages;

/// The admin site's login.
const ADMIN: (&str, &str) = ("admin", "/admin/");

/// They have no settings: the section has no keys.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PagesSettings {}

impl Section for PagesSettings {
    const LABEL: &'static str = "doorward_pages";
}

impl App for Pages {
    type Settings = PagesSettings;
    type State = Self;

    fn login_endpoints() -> &'static [(&'static str, &'static str)] {
        &[ADMIN]
    }

    fn resolve(_: PagesSettings, _: &Site<'_>) -> std::result::Result<Self, SettingsErrors> {
        Ok(Self)
    }

    fn install(_: &Arc<Self>, to: &mut Installed) {
        to.endpoint(Endpoint::new("start", "/", start::start));
        to.endpoint(Endpoint::new(ADMIN.0, ADMIN.1, admin::admin));
    }
}

/// A page that no cache may keep: it shows who is logged in.
fn page(template: &impl Template) -> Result<Response> {
    let text = template.render().map_err(ApiException::server_error)?;
    Ok(([(CACHE_CONTROL, "no-store, private")], Html(text)).into_response())
}
