//! What is legal in `[jwt]` and unwise on the internet.

use doorward_core::app::Rule;

pub(super) const CHECKS: [Rule; 2] = [
    Rule {
        id: "doorward.W011",
        fails: |s| s.jwt.cookie.refresh_name.is_some() && !s.jwt.cookie.secure,
        message: "`jwt.cookie.secure` is off: JSON web tokens in cookies go over plain HTTP too",
        hint: "leave it on",
    },
    Rule {
        id: "doorward.W017",
        fails: |s| s.jwt.introspection.url.is_some() && s.jwt.audience.is_none(),
        message: "`jwt.introspection.url` is set and `jwt.audience` is not: a token that was made for any other service \
                  opens this one",
        hint: "set `jwt.audience` to what this service is called where tokens are made",
    },
];
