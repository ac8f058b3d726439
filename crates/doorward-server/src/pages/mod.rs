//! Pages for browsers: the start page and the admin site's first room. They work without scripts, and everything
//! they need is in them.

mod admin;
mod start;

use askama::Template;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use doorward::ApiException;
use doorward::exceptions::Result;

pub(crate) use admin::admin;
pub(crate) use start::start;

/// A page that no cache may keep: it shows who is logged in.
fn page(template: &impl Template) -> Result<Response> {
    let text = template.render().map_err(ApiException::server_error)?;
    Ok(([(CACHE_CONTROL, "no-store, private")], Html(text)).into_response())
}
