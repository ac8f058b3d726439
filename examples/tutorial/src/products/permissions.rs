//! Who may do what to a product.

use doorward::permissions::Denial;
use doorward::prelude::*;

use super::serializer::Product;

/// Everyone reads a product; its owner alone changes it.
#[derive(Debug, Default)]
pub(crate) struct IsOwnerOrReadOnly;

impl ObjectPermission<Product> for IsOwnerOrReadOnly {
    fn has_object_permission(&self, cx: &Context, _: &View, product: &Product) -> Answer<'_, Result<bool>> {
        let owner = product.owner.as_ref();
        let is_owner = owner.is_some() && owner == cx.user_id();
        Answer::ready(Ok(cx.is_safe_method() || is_owner))
    }

    fn denial(&self) -> Option<Denial> {
        Some(Denial {
            message: "Only the owner may change this product.".into(),
            code: "not_owner".into(),
        })
    }
}
