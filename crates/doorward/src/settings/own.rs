//! The sections that every loader knows.

use doorward_core::settings::*;
use serde::Deserialize;

/// A section that is a field of [`Settings`].
macro_rules! field {
    ($name:ident: $kind:ty) => {
        SectionKind::new::<$kind>(stringify!($name), |node, settings| {
            settings.$name = <$kind>::deserialize(node)?;
            Ok(())
        })
    };
}

/// In the order in which they are told.
pub(super) const SECTIONS: [SectionKind; 1] = [field!(urls: UrlSettings)];
