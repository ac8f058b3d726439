//! The apps whose tables Doorward lives in, in the state that Django 5.2, DRF 3.16 and SimpleJWT 5.5 leave them.

mod admin;
mod auth;
mod authtoken;
mod contenttypes;
mod sessions;
mod token_blacklist;

use super::app::App;

/// In the order in which Django makes their content types: that of a new project's `INSTALLED_APPS`.
pub(super) fn django() -> Vec<App> {
    vec![
        admin::app(),
        auth::app(),
        contenttypes::app(),
        sessions::app(),
        authtoken::app(),
        token_blacklist::app(),
    ]
}

/// The order in which Django applies them to an empty database.
pub(super) const FRESH_ORDER: &[(&str, &str)] = &[
    ("contenttypes", "0001_initial"),
    ("auth", "0001_initial"),
    ("admin", "0001_initial"),
    ("admin", "0002_logentry_remove_auto_add"),
    ("admin", "0003_logentry_add_action_flag_choices"),
    ("contenttypes", "0002_remove_content_type_name"),
    ("auth", "0002_alter_permission_name_max_length"),
    ("auth", "0003_alter_user_email_max_length"),
    ("auth", "0004_alter_user_username_opts"),
    ("auth", "0005_alter_user_last_login_null"),
    ("auth", "0006_require_contenttypes_0002"),
    ("auth", "0007_alter_validators_add_error_messages"),
    ("auth", "0008_alter_user_username_max_length"),
    ("auth", "0009_alter_user_last_name_max_length"),
    ("auth", "0010_alter_group_name_max_length"),
    ("auth", "0011_update_proxy_permissions"),
    ("auth", "0012_alter_user_first_name_max_length"),
    ("authtoken", "0001_initial"),
    ("authtoken", "0002_auto_20160226_1747"),
    ("authtoken", "0003_tokenproxy"),
    ("authtoken", "0004_alter_tokenproxy_options"),
    ("sessions", "0001_initial"),
    ("token_blacklist", "0001_initial"),
    ("token_blacklist", "0002_outstandingtoken_jti_hex"),
    ("token_blacklist", "0003_auto_20171017_2007"),
    ("token_blacklist", "0004_auto_20171017_2013"),
    ("token_blacklist", "0005_remove_outstandingtoken_jti"),
    ("token_blacklist", "0006_auto_20171017_2113"),
    ("token_blacklist", "0007_auto_20171017_2214"),
    ("token_blacklist", "0008_migrate_to_bigautofield"),
    ("token_blacklist", "0010_fix_migrate_to_bigautofield"),
    ("token_blacklist", "0011_linearizes_history"),
    ("token_blacklist", "0012_alter_outstandingtoken_user"),
    ("token_blacklist", "0013_alter_blacklistedtoken_options_and_more"),
];
