use super::{CsrfSecret, RejectReason, TokenProblem, TokenSource};

/// The secret's copies that a request carries.
#[derive(Clone, Copy)]
pub struct CsrfTokens<'request> {
    /// The cookie, or the member of the session.
    pub cookie: Option<&'request str>,
    /// The form field `csrfmiddlewaretoken`, of a POST only.
    pub post: Option<&'request str>,
    /// The header.
    pub header: Option<&'request str>,
    /// The header's name, `X-CSRFToken` by default.
    pub header_name: &'request str,
}

impl std::fmt::Debug for CsrfTokens<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CsrfTokens").finish_non_exhaustive()
    }
}

/// Checks that the form, or else the header, repeats the cookie's secret (`CsrfViewMiddleware._check_token`).
///
/// An empty form field counts as none. The secret is given back.
///
/// # Errors
///
/// The [`RejectReason`] that Django would tell.
pub fn check_token(tokens: &CsrfTokens<'_>) -> Result<CsrfSecret, RejectReason> {
    let secret =
        CsrfSecret::parse(tokens.cookie.ok_or(RejectReason::NoCookie)?).map_err(RejectReason::BadCookie)?;
    let (token, from) = find(tokens).ok_or(RejectReason::TokenMissing)?;
    match secret.does_token_match(token) {
        Ok(true) => Ok(secret),
        Ok(false) => Err(RejectReason::BadToken {
            from,
            problem: TokenProblem::Incorrect,
        }),
        Err(format) => Err(RejectReason::BadToken {
            from,
            problem: format.into(),
        }),
    }
}

fn find<'request>(tokens: &CsrfTokens<'request>) -> Option<(&'request str, TokenSource)> {
    match (tokens.post, tokens.header) {
        (None | Some(""), None) => None,
        (None | Some(""), Some(header)) => Some((header, TokenSource::Header(tokens.header_name.to_owned()))),
        (Some(post), _) => Some((post, TokenSource::Post)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;

    #[test]
    fn verdicts_are_django_s() {
        for case in golden::cases("csrf_tokens") {
            let tokens = CsrfTokens {
                cookie: case["cookie"].as_str(),
                post: case["post"].as_str(),
                header: case["header"].as_str(),
                header_name: "X-CSRFToken",
            };
            let reason = check_token(&tokens).err().map(|reason| reason.to_string());
            assert_eq!(reason.as_deref(), case["reason"].as_str(), "{case}");
        }
    }
}
