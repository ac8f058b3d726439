//! Doorward's own check of routes: which of them let everyone in.

use super::{CheckMessage, Level};
use crate::router::RouteInfo;

/// The routes that let everyone in, in one message.
pub(super) fn check(routes: &[RouteInfo]) -> Option<CheckMessage> {
    let open = routes.iter().filter(|route| route.is_open());
    let paths: Vec<&str> = open.map(|route| route.path.as_str()).collect();
    let message = || {
        let message = format!("open to everyone: {}", paths.join(", "));
        let hint = "see that each of them is meant to be; `doorward routes` tells their policies";
        CheckMessage::new("doorward.I001", Level::Info, message, hint)
    };
    (!paths.is_empty()).then(message)
}
