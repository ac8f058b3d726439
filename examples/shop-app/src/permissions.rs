//! [`ShopIsOpen`]: a permission, for routes of the shop and for others.

use doorward::prelude::*;

use crate::app::Shop;

/// Grants what changes nothing always, and the rest while the shop is open (`[shop] closed`).
#[derive(Debug, Default)]
pub(crate) struct ShopIsOpen;

impl Permission for ShopIsOpen {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        let is_open = !cx.door().app::<Shop>().is_closed;
        Answer::ready(Ok(is_open || cx.is_safe_method()))
    }
}
