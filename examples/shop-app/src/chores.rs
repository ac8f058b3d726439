//! What is done beside the requests.

use std::time::Duration;

use doorward::Door;
use doorward::app::{Chore, ChoreError};

use crate::app::Shop;
use crate::store::Store;

/// Sales that are older than `[shop] keep_sales` go, once an hour.
pub(crate) fn forget_old_sales() -> Chore {
    Chore::new("shop_sales", Duration::from_secs(3_600), |door| async move {
        forget(&door).await
    })
}

async fn forget(door: &Door) -> Result<(), ChoreError> {
    let before = door.now().saturating_sub(door.app::<Shop>().keep_sales);
    Store(door.database()?).forget_sales(before).await?;
    Ok(())
}
