//! Django's tables as stores.
