//! Logging in and out (`django.contrib.auth`).
