//! The ready server and every management command.
