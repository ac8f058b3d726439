//! A door whose callers name themselves, with permissions that count how often they are looked up.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use doorward_core::authentication::Authenticator;
use doorward_core::clock::ManualClock;
use doorward_core::entropy::SystemEntropy;
use doorward_core::identity::Identity;
use doorward_core::settings::Settings;
use doorward_core::stores::{Outage, PermissionStore, StoreAnswer, StoreError};
use doorward_core::user::{TokenUser, UserRow};
use doorward_core::{Answer, Auth, Context, Door, Result, User, UserId};
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::HeaderValue;

use super::support;

/// All permissions of the reference's `ALL`.
const ALL: [&str; 4] = [
    "tutorial.add_product",
    "tutorial.change_product",
    "tutorial.delete_product",
    "tutorial.view_product",
];

/// The users of `make_permissions.py`, by name; their permissions are in [`Permissions`].
pub(crate) fn user(name: &str) -> Option<User> {
    let row = |is_active, is_superuser| UserRow {
        id: UserId::Text(name.into()),
        is_active,
        is_superuser,
        ..support::user(name)
    };
    match name {
        "anonymous" => None,
        "superuser" => Some(row(true, true).into()),
        "inactive" => Some(row(false, false).into()),
        "inactive_superuser" => Some(row(false, true).into()),
        "token" => Some(User::from(TokenUser {
            id: UserId::Text("everything".into()),
            username: "token".to_owned(),
            is_staff: true,
            is_superuser: true,
        })),
        _ => Some(row(true, false).into()),
    }
}

fn permissions(name: &str) -> &'static [&'static str] {
    match name {
        "viewer" => &["tutorial.view_product"],
        "editor" => &[
            "tutorial.add_product",
            "tutorial.change_product",
            "tutorial.view_product",
        ],
        "changer" => &["tutorial.change_product"],
        "everything" | "inactive" => &ALL,
        "elsewhere" => &["shop.add_product", "tutorial.add_products"],
        _ => &[],
    }
}

/// What users may do, and how often somebody asked.
#[derive(Debug, Default)]
pub(crate) struct Permissions {
    pub(crate) asked: AtomicUsize,
}

impl PermissionStore for Permissions {
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Answer::ready(Ok([format!("friends of {user}")].into()))
    }

    fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let name = user.to_string();
        if name == "unlucky" {
            let away = StoreError::new("the database is away", Outage::Passing, "away");
            return Answer::ready(Err(away));
        }
        let held = permissions(&name).iter().map(|name| (*name).to_owned());
        Answer::ready(Ok(held.collect()))
    }
}

pub(crate) fn door(settings: Settings, permissions: &Arc<Permissions>) -> Door {
    let mut stores = TestDatabase::new().stores();
    stores.permissions = Arc::clone(permissions) as _;
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_700_000_000)));
    Door::with_sources(settings, stores, clock, Arc::new(SystemEntropy)).unwrap()
}

/// Believes the header `X-User`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByName;

impl Authenticator for ByName {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let name = cx.headers().get("x-user").map(|name| name.to_str().unwrap());
        Answer::ready(Ok(name.and_then(user).map(identity)))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("ByName"))
    }
}

pub(crate) fn identity(user: User) -> Identity {
    Identity {
        user,
        auth: Auth::Basic,
    }
}
