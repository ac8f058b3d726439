//! [`CounterName`]: what a counter is called in a store, and to people.

use doorward_django::client_ident::ClientIdent;
use doorward_django::crypto::sha256_hex;

use super::account::{AccountName, CountedAccount};
use doorward_core::user::UserRow;

/// A counter's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterName {
    /// What it is stored under: 64 hexadecimal digits.
    pub key: String,
    /// What it counts.
    pub kind: CounterKind,
    /// Whose failures; `None` where it counts those of every account.
    pub account: Option<AccountName>,
    /// The address or network they come from; `None` where it counts those of every one.
    pub address: Option<String>,
}

/// What a counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CounterKind {
    /// Strangers' failures for one account.
    Account,
    /// Strangers' failures from one address.
    Address,
    /// Strangers' failures for one account from one address.
    AccountAndAddress,
    /// Failures for one account with one device that is known to it.
    Device,
    /// Failures for one account from one network that is known to it.
    Network,
    /// None: that the account's origins were forgotten.
    Origins,
}

impl CounterName {
    /// That of strangers' failures for an account.
    #[must_use]
    pub fn of_account(account: &CountedAccount) -> Self {
        Self::new(CounterKind::Account, Some(account), None, "")
    }

    /// That of strangers' failures from an address.
    #[must_use]
    pub fn of_address(address: ClientIdent) -> Self {
        Self::new(CounterKind::Address, None, Some(address), "")
    }

    /// That of strangers' failures for an account from an address.
    #[must_use]
    pub fn of_both(account: &CountedAccount, address: ClientIdent) -> Self {
        Self::new(CounterKind::AccountAndAddress, Some(account), Some(address), "")
    }

    /// That of failures for an account from a network that is known to it.
    #[must_use]
    pub fn of_network(account: &CountedAccount, address: ClientIdent) -> Self {
        Self::new(CounterKind::Network, Some(account), Some(address), "")
    }

    /// That of failures for an account with a device that is known to it by that nonce.
    #[must_use]
    pub fn of_device(account: &CountedAccount, nonce: &str) -> Self {
        Self::new(CounterKind::Device, Some(account), None, nonce)
    }

    /// Where it stands that an account's origins were forgotten.
    #[must_use]
    pub fn of_origins(account: &CountedAccount) -> Self {
        // A name's devices are known in every spelling, and are forgotten in every one.
        let account = CountedAccount {
            key: account.name.digest.clone(),
            ..account.clone()
        };
        Self::new(CounterKind::Origins, Some(&account), None, "")
    }

    /// What people see of it; counters of an account and of its name look the same.
    #[must_use]
    pub fn shown(&self) -> (&'static str, Option<&str>, Option<&str>) {
        let label = self.account.as_ref().map(|account| account.label.as_str());
        (self.kind.name(), label, self.address.as_deref())
    }

    fn new(
        kind: CounterKind,
        account: Option<&CountedAccount>,
        address: Option<ClientIdent>,
        nonce: &str,
    ) -> Self {
        let address = address.map(|address| address.to_string());
        let whose = account.map_or("", |account| account.key.as_str());
        // No part holds a line break, so that no two names read the same.
        let text = [kind.name(), whose, address.as_deref().unwrap_or(""), nonce].join("\n");
        Self {
            key: sha256_hex(text.as_bytes()),
            kind,
            account: account.map(|account| account.name.clone()),
            address,
        }
    }
}

impl CounterKind {
    const ALL: [Self; 6] = [
        Self::Account,
        Self::Address,
        Self::AccountAndAddress,
        Self::Device,
        Self::Network,
        Self::Origins,
    ];

    /// The kind in a word, as stores keep it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::AccountAndAddress => "account+address",
            Self::Device => "device",
            Self::Network => "network",
            Self::Origins => "origins",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Which counters are to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reset {
    /// Those of an account, by the digest of its [`AccountName`].
    Account(String),
    /// Those of an address, as throttles write it.
    Address(String),
    /// All.
    All,
}

impl Reset {
    /// Those of a name in any spelling, and not those of a user of that name: see [`reset_account`](crate::lockout::reset_account).
    #[must_use]
    pub fn account(username: &str) -> Self {
        Self::Account(AccountName::new(username).digest)
    }

    /// Those of a user, whatever name they were counted under.
    #[must_use]
    pub fn user(user: &UserRow) -> Self {
        Self::Account(CountedAccount::of_user(&user.id, &user.username).name.digest)
    }

    /// Whether that counter is among them.
    #[must_use]
    pub fn includes(&self, name: &CounterName) -> bool {
        match self {
            Self::Account(digest) => name
                .account
                .as_ref()
                .is_some_and(|account| account.digest == *digest),
            Self::Address(address) => name.address.as_ref() == Some(address),
            Self::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_one_account() {
        let alice = AccountName::new("alice");
        for spelling in ["Alice", "ALICE", " alice\t", "\u{ff21}lice", "\u{3000}ａｌｉｃｅ"] {
            assert_eq!(AccountName::new(spelling), alice, "{spelling:?}");
        }
        assert_eq!(AccountName::new("STRASSE"), AccountName::new("straße"));
        assert_ne!(AccountName::new("alice2").digest, alice.digest);
        assert_ne!(AccountName::new("al ice").digest, alice.digest);
    }

    #[test]
    fn no_two_counters_have_one_key() {
        let [alice, bob] = ["alice", "bob"].map(CountedAccount::of_any_spelling);
        let address = |text: &str| ClientIdent::new(text.parse().unwrap(), 64);
        let names = [
            CounterName::of_account(&alice),
            CounterName::of_account(&bob),
            CounterName::of_account(&CountedAccount::of_name("alice")),
            CounterName::of_account(&CountedAccount::of_name("Alice")),
            CounterName::of_address(address("192.0.2.1")),
            CounterName::of_both(&alice, address("192.0.2.1")),
            CounterName::of_network(&alice, address("192.0.2.1")),
            CounterName::of_network(&alice, address("2001:db8::1")),
            CounterName::of_device(&alice, "192.0.2.1"),
            CounterName::of_device(&alice, ""),
            CounterName::of_origins(&alice),
        ];
        let keys: std::collections::BTreeSet<_> = names.iter().map(|name| &name.key).collect();
        assert_eq!(keys.len(), names.len());
    }
}
