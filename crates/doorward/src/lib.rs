//! Django REST framework's authentication, permissions and throttling for axum.
