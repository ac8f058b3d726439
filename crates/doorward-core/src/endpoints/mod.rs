//! The endpoints that come with the door (`rest_framework.authtoken.views`, `rest_framework_simplejwt.views`,
//! `django.contrib.auth.views`).

use crate::door::Door;
use crate::router::Router;

/// The endpoints of the settings.
pub(crate) fn router(door: &Door) -> Router {
    door.router()
}
