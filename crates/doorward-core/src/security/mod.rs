//! What stands around every route: allowed hosts, what proxies tell, redirects, security headers
//! (`django.middleware.common`, `django.middleware.security`, `django.middleware.clickjacking`).

mod forwarded;
mod headers;
mod hosts;
mod paths;
mod redirects;
mod surroundings;
mod tls_only;

use std::sync::Arc;

use axum::response::Response;
use http::Uri;

use crate::door::Door;
use crate::settings::{Findings, Settings};

use forwarded::Forwarded;
use headers::SecurityHeaders;
use hosts::AllowedHosts;
use tls_only::TlsOnly;

pub(crate) use hosts::refuse_two;
pub(crate) use paths::{normalized, with_path};
pub(crate) use redirects::{to_slash, would_lose_the_body};

/// What the settings say of hosts and headers, resolved.
#[derive(Debug)]
pub(crate) struct Security {
    pub(crate) hosts: AllowedHosts,
    pub(crate) headers: SecurityHeaders,
    pub(crate) forwarded: Forwarded,
    pub(crate) tls_only: Option<TlsOnly>,
    pub(crate) append_slash: bool,
}

impl Door {
    /// What is around every route.
    pub(crate) fn security(&self) -> Arc<Security> {
        self.shared_slot()
    }
}

impl Security {
    /// What the settings say; each thing that is wrong with them is told by itself.
    pub(crate) fn resolve(settings: &Settings, found: &mut Findings) -> Option<Self> {
        surroundings::check(settings, found);
        let headers = SecurityHeaders::resolve(&settings.security, found);
        let forwarded = found.note(Forwarded::new(settings));
        let tls_only = TlsOnly::resolve(&settings.security, found);
        Some(Self {
            hosts: AllowedHosts::new(settings),
            headers: headers?,
            forwarded: forwarded?,
            tls_only: tls_only?,
            append_slash: settings.append_slash,
        })
    }

    /// What pages say of what browsers may load for them.
    pub(crate) fn restrict_page(&self, response: &mut Response) {
        self.headers.add_content_security_policy(response);
    }

    /// The address, where a slash may be missing at its end.
    pub(crate) fn slashless(&self, uri: &Uri) -> Option<Box<Uri>> {
        (self.append_slash && !uri.path().ends_with('/')).then(|| Box::new(uri.clone()))
    }
}
