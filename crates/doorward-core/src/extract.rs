//! What handlers take as arguments: `User`, `Option<User>`, `Auth`, `Session`.
