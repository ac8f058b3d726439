//! [`LoginPage`]: the form that logs a browser in (`django.contrib.auth.views.LoginView`).

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use doorward_core::context::Context;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::login_limit::{LOCKED, is_locked_out};
use doorward_core::parsers::Data;
use doorward_core::user::UserRow;
use doorward_django::bounds;
use doorward_django::secret::Secret;
use doorward_django::usernames::{MAX_USERNAME_LENGTH, normalize_username};
use http::header::RETRY_AFTER;

use super::{Logins, answers};
use crate::accounts::{self, credentials::password};
use crate::backends::Authenticated;

/// Django's default (`django.conf.global_settings.LOGIN_REDIRECT_URL`).
const LOGIN_REDIRECT_URL: &str = "/accounts/profile/";
const REQUIRED: &str = "This field is required.";
/// Only a backend that lets everybody in gets that far (`AuthenticationForm.confirm_login_allowed`).
const INACTIVE: &str = "This account is inactive.";
const NULL_CHARACTERS: &str = "Null characters are not allowed.";

/// A form with a name and a password, and what comes of it.
///
/// Put it behind [`RouteExt::page`](doorward_core::RouteExt::page), which checks the CSRF token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginPage {
    /// What the page is called.
    pub title: &'static str,
    /// Where a browser goes that names no safe address itself; `session.login_redirect` unless set.
    pub redirect: Option<&'static str>,
    /// Who may log in here.
    pub audience: Audience,
}

/// Who may log in at a [`LoginPage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every active user (`AuthenticationForm`).
    Everyone,
    /// Active users who are staff (`AdminAuthenticationForm`).
    Staff,
}

impl Default for LoginPage {
    fn default() -> Self {
        Self {
            title: "Log in",
            redirect: None,
            audience: Audience::Everyone,
        }
    }
}

impl LoginPage {
    /// The empty form.
    ///
    /// # Errors
    /// 500 where the page cannot be made.
    pub fn show(&self, cx: &Context<'_>) -> Result<Response> {
        self.render(cx, &Entries::empty(cx), Problems::default())
    }

    /// Logs the user of a sent form in, and sends the browser on; or the form again with what is wrong with it. Give the
    /// route a [`max_body`](doorward_core::RouteExt::max_body): what was sent stays in memory until the password is hashed.
    ///
    /// # Errors
    /// 503 where too many wait for their hash, or a store is away.
    pub async fn submit(&self, cx: &Context<'_>, form: Data) -> Result<Response> {
        let entries = Entries::read(cx, form);
        let user = match self.user(cx, &entries).await {
            Err(refusal) if is_locked_out(&refusal) => return self.locked_out(cx, &entries, &refusal),
            found => found?,
        };
        match user {
            Err(problems) => self.render(cx, &entries, problems),
            Ok(found) => {
                let usual = self.usual_redirect(cx);
                let response = answers::redirect(entries.next.as_deref().unwrap_or(usual))?;
                accounts::login_with_backend(cx.session(), cx.csrf(), &found).await?;
                accounts::remember_device(cx);
                Ok(answers::never_cached(response, cx.now()))
            }
        }
    }

    fn usual_redirect<'c>(&self, cx: &'c Context<'_>) -> &'c str {
        let set = cx.door().app::<Logins>().login_redirect.as_deref();
        self.redirect.or(set).unwrap_or(LOGIN_REDIRECT_URL)
    }

    async fn user(&self, cx: &Context<'_>, entries: &Entries) -> Result<Result<Authenticated, Problems>> {
        let problems = Problems::of(entries);
        if problems != Problems::default() {
            return Ok(Err(problems));
        }
        let found = accounts::authenticate_request(cx, &entries.username, &entries.password).await?;
        Ok(match found {
            Some(found) if !found.user.is_active => Err(Problems::of_form(INACTIVE)),
            Some(found) if self.audience.includes(&found.user) => Ok(found),
            _ => Err(Problems::of_form(self.audience.refusal())),
        })
    }

    /// The form again, as 429.
    fn locked_out(&self, cx: &Context<'_>, entries: &Entries, refusal: &ApiException) -> Result<Response> {
        let problems = Problems {
            locked: Some(locked(refusal.wait())),
            ..Problems::default()
        };
        let mut response = self.render(cx, entries, problems)?;
        *response.status_mut() = refusal.status();
        if let Some(wait) = refusal.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, wait);
        }
        Ok(response)
    }

    fn render(&self, cx: &Context<'_>, entries: &Entries, problems: Problems) -> Result<Response> {
        let page = LoginTemplate {
            title: self.title,
            action: cx.uri().path(),
            token: &cx.csrf().token(),
            next: entries.next.as_deref().unwrap_or_default(),
            username: &entries.username,
            problems,
        };
        Ok(answers::never_cached(answers::page(self.title, &page)?, cx.now()))
    }
}

impl Audience {
    fn includes(self, user: &UserRow) -> bool {
        self == Self::Everyone || user.is_staff
    }

    const fn refusal(self) -> &'static str {
        match self {
            Self::Everyone => {
                "Please enter a correct username and password. Note that both fields may be case-sensitive."
            }
            Self::Staff => {
                "Please enter the correct username and password for a staff account. Note that both fields may \
                 be case-sensitive."
            }
        }
    }
}

/// What was entered, within its bounds.
#[derive(Debug, Default)]
struct Entries {
    username: String,
    password: Secret<String>,
    /// Where the browser wants to go next, if it is safe to send it there.
    next: Option<String>,
}

impl Entries {
    fn empty(cx: &Context<'_>) -> Self {
        Self {
            next: answers::next(cx, None),
            ..Self::default()
        }
    }

    /// The name is trimmed and normalised, unless it is too long to be one (`UsernameField.to_python`); the password
    /// is taken as it is.
    fn read(cx: &Context<'_>, form: Data) -> Self {
        let username = form.text("username").unwrap_or_default().trim();
        let entered = form.text("password").unwrap_or_default();
        let entries = Self {
            username: match bounds::has_at_most(username, MAX_USERNAME_LENGTH) {
                true => normalize_username(username),
                false => username.to_owned(),
            },
            password: password(entered.to_owned()),
            next: answers::next(cx, Some(&form)),
        };
        drop(form);
        entries
    }
}

/// What is wrong with a sent form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Problems {
    username: Option<&'static str>,
    password: Option<&'static str>,
    form: Option<&'static str>,
    /// Until when nobody may try, whatever the fields hold.
    locked: Option<String>,
}

impl Problems {
    fn of_form(sentence: &'static str) -> Self {
        Self {
            form: Some(sentence),
            ..Self::default()
        }
    }

    fn of(entries: &Entries) -> Self {
        Self {
            username: Self::of_text(&entries.username),
            password: Self::of_text(entries.password.expose()),
            ..Self::default()
        }
    }

    /// Whether the name is what is entered next: a good one is kept, and the password is asked for again.
    fn is_username_next(&self, username: &str) -> bool {
        self.username.is_some() || username.is_empty()
    }

    /// What `django.forms.CharField` has against a text.
    fn of_text(text: &str) -> Option<&'static str> {
        match text {
            "" => Some(REQUIRED),
            text => text.contains('\0').then_some(NULL_CHARACTERS),
        }
    }
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginTemplate<'a> {
    title: &'a str,
    action: &'a str,
    token: &'a str,
    next: &'a str,
    username: &'a str,
    problems: Problems,
}

/// What who is locked out is told: in how many minutes to come back, as `Retry-After` has it in seconds.
fn locked(wait: Option<Duration>) -> String {
    let minutes = wait.map(|wait| wait.as_secs().div_ceil(60).max(1));
    let when = match minutes {
        None => return LOCKED.to_owned(),
        Some(1) => "in 1 minute".to_owned(),
        Some(minutes) => format!("in {minutes} minutes"),
    };
    LOCKED.replace("later", &when)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_locked_out_is_told_in_how_many_minutes_to_come_back() {
        for (seconds, when) in [
            (0, "1 minute"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (300, "5 minutes"),
        ] {
            let expected = format!("Account locked: too many login attempts. Please try again in {when}.");
            assert_eq!(locked(Some(Duration::from_secs(seconds))), expected);
        }
        assert_eq!(locked(None), LOCKED);
    }
}
