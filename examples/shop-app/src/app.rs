//! [`Shop`]: what the app makes of its settings, and what it adds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use doorward::app::{App, Check, Endpoint, Installed, Site};
use doorward::checks::{CheckMessage, Level};
use doorward::command::Command;
use doorward::django::secret::Secret;
use doorward::migrations::{Migration, Model};
use doorward::settings::{SettingsError, SettingsErrors};
use doorward::signals::Event;

use crate::authentication::TillAuthentication;
use crate::permissions::ShopIsOpen;
use crate::settings::ShopSettings;
use crate::{chores, endpoints, import, tables};

/// The fewest characters of a till's key.
const SHORTEST_KEY: usize = 20;

/// What requests read of the shop.
pub(crate) struct Shop {
    pub(crate) till_key: Option<Secret<String>>,
    pub(crate) is_closed: bool,
    pub(crate) keep_sales: Duration,
    /// How many customers came since the start.
    pub(crate) customers: AtomicU64,
}

impl App for Shop {
    type Settings = ShopSettings;
    type State = Self;

    fn migrations() -> Vec<Migration> {
        tables::migrations()
    }

    fn models() -> Vec<Model> {
        tables::models()
    }

    fn commands() -> Vec<Command> {
        vec![import::command()]
    }

    fn checks() -> Vec<Check> {
        let check = Check::new(|settings, _| {
            let section = settings.section::<ShopSettings>();
            let sells = section.till_key.is_some() || section.closed;
            let message = || CheckMessage::new("shop.W001", Level::Warning, NO_TILL, "set `shop.till_key`");
            (!sells).then(message).into_iter().collect()
        });
        vec![check.ids(["shop.W001"])]
    }

    fn resolve(settings: ShopSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        let key = settings.till_key.as_ref().map(|key| key.expose().chars().count());
        if key.is_some_and(|length| length < SHORTEST_KEY) {
            let problem = format!("is too short to be a secret; {SHORTEST_KEY} characters are the fewest");
            return Err(SettingsError::new("shop.till_key", problem).into());
        }
        Ok(Self {
            till_key: settings.till_key,
            is_closed: settings.closed,
            keep_sales: settings.keep_sales.duration(),
            customers: AtomicU64::new(0),
        })
    }

    fn install(shop: &Arc<Self>, to: &mut Installed) {
        to.authenticator("till", TillAuthentication);
        to.permission("ShopIsOpen", ShopIsOpen);
        to.endpoint(Endpoint::new(
            "shop_products",
            "/api/products/",
            endpoints::products,
        ));
        to.endpoint(Endpoint::new(
            "shop_sell",
            "/api/products/{id}/sell/",
            endpoints::sell,
        ));
        to.chore(chores::forget_old_sales());
        let shop = Arc::clone(shop);
        to.on(move |event| {
            if matches!(event, Event::UserCreated { .. }) {
                shop.customers.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
}

const NO_TILL: &str = "the shop is open, and no till can sell";
