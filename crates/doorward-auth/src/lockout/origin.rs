//! [`Origin`]: where an attempt to log in comes from.

use std::net::IpAddr;
use std::time::Duration;

use doorward_core::{Context, Door};
use doorward_django::client_ident::ClientIdent;

use super::counters::{CountedAccount, CounterName, Device};
use super::device::{self, LetIn};

/// Where an attempt comes from, as far as that is known.
pub(super) struct Origin<'r> {
    pub(super) door: &'r Door,
    address: Option<IpAddr>,
    pub(super) client: Option<ClientIdent>,
    device: Option<String>,
    let_in: Option<&'r LetIn>,
}

impl<'r> Origin<'r> {
    /// That of a request; nothing is known of it without one.
    pub(super) fn of(door: &'r Door, request: Option<Context<'r>>) -> Self {
        let cx = request.as_ref();
        Self {
            door,
            address: cx.and_then(Context::client_address),
            client: cx.and_then(Context::client),
            device: cx.and_then(device::received),
            let_in: cx.map(Context::note),
        }
    }

    pub(super) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The device, if its cookie is for that account.
    pub(super) fn device(&self, account: &CountedAccount, known_for: Duration) -> Option<Device> {
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
