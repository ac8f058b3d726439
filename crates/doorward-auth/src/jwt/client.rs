use doorward_core::context::Context;
use doorward_core::headers;
use doorward_django::crypto::salted_hmac;
use doorward_django::hex;
use http::header::USER_AGENT;

/// What tells the client of a refresh from others: a digest of its User-Agent header (`jwt.reuse_binding`).
///
/// It proves nothing: who knows the header can send it. It keeps a token that leaked alone, through a log or a backup,
/// from being used within the grace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client(String);

impl Client {
    /// The client of a request.
    #[must_use]
    pub fn of(cx: &Context<'_>) -> Self {
        let agent = headers::joined(cx.headers(), &USER_AGENT).unwrap_or_default();
        let key = &cx.door().secret_keys().current;
        Self(hex::encode(&salted_hmac("doorward.tokens.client", &agent, key)))
    }

    /// A client of which nothing is known; all such are one.
    #[must_use]
    pub fn unknown() -> Self {
        Self(String::new())
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.0
    }
}
