//! What e-mails add to a door and to its builder.

use std::future::Future;
use std::sync::Arc;

use doorward_core::Door;
use doorward_core::assembly::DoorBuilder;

use super::{Mailer, outbox};

/// What carries the e-mails of a door.
pub trait MailBuilderExt: Sized {
    /// What carries e-mails, whatever `mail.url` says.
    #[must_use = "a door is made by `build`"]
    fn mailer(self, mailer: impl Mailer + 'static) -> Self {
        self.shared_mailer(Arc::new(mailer))
    }

    /// As [`mailer`](Self::mailer), for one that others use too.
    #[must_use = "a door is made by `build`"]
    fn shared_mailer(self, mailer: Arc<dyn Mailer>) -> Self;
}

impl MailBuilderExt for DoorBuilder {
    fn shared_mailer(self, mailer: Arc<dyn Mailer>) -> Self {
        self.give(mailer)
    }
}

/// The e-mails of a door.
pub trait MailDoorExt {
    /// Tries every e-mail that waits for its mail server once more, and waits for all that are on their way: for the end of a
    /// process. Bound it in time.
    fn finish_emails(&self) -> impl Future<Output = ()> + Send;
}

impl MailDoorExt for Door {
    async fn finish_emails(&self) {
        if let Some(outbox) = outbox(self) {
            outbox.close().await;
        }
    }
}
