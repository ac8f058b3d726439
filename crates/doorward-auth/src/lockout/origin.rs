//! [`Origin`]: where an attempt to log in comes from.

use std::net::IpAddr;
use std::time::Duration;

use doorward_django::client_ident::ClientIdent;

use super::device;
use super::device::LetIn;
use crate::context::Context;
use crate::door::Door;
use crate::login_attempts::{Account, CounterName, Device};

/// Where an attempt comes from, as far as that is known.
pub(crate) struct Origin<'r> {
    pub(super) door: &'r Door,
    address: Option<IpAddr>,
    pub(super) client: Option<ClientIdent>,
    device: Option<String>,
    let_in: Option<&'r LetIn>,
}

impl<'r> Origin<'r> {
    /// That of a request.
    pub(crate) fn of(cx: &Context<'r>) -> Self {
        // Without lock-out nobody asks.
        let counts = cx.door().lockout().is_some();
        Self {
            door: cx.door(),
            address: counts.then(|| cx.client_address()).flatten(),
            client: counts.then(|| cx.client()).flatten(),
            device: counts.then(|| device::received(cx.cookies())).flatten(),
            let_in: counts.then(|| cx.note()),
        }
    }

    /// One that nothing is known of.
    pub(crate) fn unknown(door: &'r Door) -> Self {
        Self {
            door,
            address: None,
            client: None,
            device: None,
            let_in: None,
        }
    }

    pub(crate) fn door(&self) -> &'r Door {
        self.door
    }

    pub(super) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The device, if its cookie is for that account.
    pub(super) fn device(&self, account: &Account, known_for: Duration) -> Option<Device> {
        let (nonce, used_at) = device::nonce(self.device.as_deref()?, &account.key, known_for, self.door)?;
        let name = CounterName::of_device(account, &nonce);
        Some(Device { name, used_at })
    }

    /// Somebody was let in from there to the account of that key: the device may be made known to it.
    pub(super) fn let_in(&self, account: &str) {
        if let Some(let_in) = self.let_in {
            let_in.note(account);
        }
    }
}
