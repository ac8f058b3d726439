//! Fields of a request's data and what is wrong with them (`rest_framework.fields`).
