//! What projects hang into DRF: a shape of their own for what was refused (`tutorial/hooks.py` of the reference site).

use std::sync::Arc;

use doorward::app::{App, Apps, Installed, Site};
use doorward::exception_handler::{ErrorResponse, ExceptionContext, exception_handler};
use doorward::prelude::*;
use doorward::settings::{Section, SettingsErrors};
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The apps of this site.
pub(crate) fn apps() -> Apps {
    Apps::default().app::<Hooks>()
}

/// It has no keys.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HooksSettings {}

impl Section for HooksSettings {
    const LABEL: &'static str = "hooks";
}

/// Brings the handler `envelope`, which `rest.exception_handler` may name.
pub(crate) struct Hooks;

impl App for Hooks {
    type Settings = HooksSettings;
    type State = ();

    fn resolve(_: HooksSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Ok(())
    }

    fn install(_: &Arc<()>, to: &mut Installed) {
        to.exception_handler("envelope", envelope);
    }
}

/// Every refusal in one shape, its code in a header too; that something is somebody else's is not told.
fn envelope(exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
    let mut response = exception_handler(exception, cx);
    let code = exception.code();
    if code == "not_owner" {
        response.status = StatusCode::NOT_FOUND;
    }
    response.data = json!({
        "success": false,
        "status": response.status.as_u16(),
        "code": code,
        "method": cx.method().as_str(),
        "path": cx.path(),
        "user": cx.user().map(User::username).filter(|name| !name.is_empty()),
        "errors": response.data,
    });
    if let Ok(value) = HeaderValue::from_str(code) {
        response.headers.insert("x-error-code", value);
    }
    response
}
