//! The order of the modules in each crate: whoever reads a crate from its ground up never meets a name that stands
//! further on.

/// A crate, the layers of its modules, and what does not keep to them yet.
#[derive(Clone, Copy)]
pub(crate) struct Crate {
    pub(crate) name: &'static str,
    /// The lowest first. A module imports from the layers below its own, and from its own as long as no circle
    /// comes of it. A folder is one module.
    pub(crate) layers: &'static [&'static [&'static str]],
    /// Imports that break the order today: from, to. This list only shrinks.
    pub(crate) exceptions: &'static [(&'static str, &'static str)],
}

impl Crate {
    /// The number of the layer of a module, from 0; `None` for one without a place.
    pub(crate) fn layer(&self, module: &str) -> Option<usize> {
        self.layers.iter().position(|layer| layer.contains(&module))
    }

    /// Whether a module may not know another one: it stands below that one, and is no exception.
    pub(crate) fn is_upward(&self, from: &str, to: &str) -> bool {
        let is_below = self.layer(from) < self.layer(to) && self.layer(from).is_some();
        is_below && !self.is_excepted(from, to)
    }

    /// Whether that import is one of today's exceptions.
    pub(crate) fn is_excepted(&self, from: &str, to: &str) -> bool {
        self.exceptions.contains(&(from, to))
    }
}

pub(crate) const CRATES: [Crate; 11] = [
    MACROS, DJANGO, DB, CORE, AUTH, SQLX, REDIS, SERVE, DOORWARD, SERVER, TESTING,
];

const MACROS: Crate = Crate {
    name: "doorward-macros",
    layers: &[&["derive"]],
    exceptions: &[],
};

const DJANGO: Crate = Crate {
    name: "doorward-django",
    layers: &[
        &["baseconv", "bounds", "calendar", "hex", "python_text", "secret"],
        &["python_numbers"],
        &["integer"],
        &["json"],
        &["timestamp", "rate", "crypto", "decimal", "pickle"],
        &["dateparse", "time_zone"],
        &["strftime", "strptime"],
        &[
            "authorization",
            "client_ident",
            "signing",
            "sliding_window",
            "throttle_key",
            "token_key",
            "urls",
        ],
        &["csrf", "jwt", "passwords", "reset_token", "sessions"],
        &["emails", "usernames"],
    ],
    exceptions: &[],
};

const CORE: Crate = Crate {
    name: "doorward-core",
    layers: &[
        // Values, and the only doors to time and chance.
        &[
            "answer",
            "causes",
            "check_message",
            "clock",
            "entropy",
            "exceptions",
            "log_text",
            "slots",
            "user",
        ],
        // What is kept.
        &["stores"],
        &["identity"],
        // What can be configured, and what needs no more than that.
        &["settings"],
        &[
            "cache",
            "cookies",
            "headers",
            "http_client",
            "passwords",
            "renderers",
        ],
        // What all requests are judged by.
        &["door"],
        &["exception_handler", "parsers", "password_validation", "signals"],
        // What one request brings.
        &["serializers", "sessions"],
        &["metadata"],
        &["context"],
        &["cors", "csrf", "negotiation"],
        // The rules, a trait and its policies each.
        &["explanation"],
        &["authentication", "permissions", "throttling"],
        &["policy"],
        // The way of a request.
        &["handlers", "paths", "served"],
        &["security", "extract"],
        &["pages"],
        &["guard"],
        &["service"],
        &["router"],
        // The form of a feature, and the framework's own.
        &["backends", "command", "login_limit"],
        &["app"],
        &["expired"],
        &["apps"],
        // From settings to a door.
        &["assembly"],
        // What is unwise, in all apps of a site.
        &["checks"],
    ],
    exceptions: &[],
};

const DB: Crate = Crate {
    name: "doorward-db",
    layers: &[
        // What drivers and those above them have in common.
        &["dialect", "sql"],
        &["drivers", "schema"],
        &["database"],
        &["feed"],
        &["migrations"],
    ],
    exceptions: &[],
};

const AUTH: Crate = Crate {
    name: "doorward-auth",
    layers: &[
        // What features have in common.
        &["backends", "mail", "revocation"],
        &["accounts"],
        // The features.
        &["authtoken", "lockout", "logins", "remote_user"],
        &["jwt"],
        &["users"],
        // Lists of names.
        &["schemes"],
        &["endpoints"],
    ],
    exceptions: &[],
};

const SQLX: Crate = Crate {
    name: "doorward-sqlx",
    layers: &[
        &["batch", "names", "nodes"],
        &["users", "own_tables", "permissions"],
        &[
            "auth_tokens",
            "local_times",
            "outstanding_tokens",
            "revocations",
            "samples",
            "sessions",
        ],
    ],
    exceptions: &[],
};

const REDIS: Crate = Crate {
    name: "doorward-redis",
    layers: &[
        &["failure", "hash_slot"],
        &["certificates", "metrics"],
        &["node"],
        // To one server or to many: whoever asks sees no difference.
        &["connection"],
        &["script", "server"],
        &["counters"],
        &["breaker"],
        &["client"],
        // What is kept there.
        &["blacklist", "session_cache", "throttle_history"],
    ],
    exceptions: &[],
};

const SERVE: Crate = Crate {
    name: "doorward-serve",
    layers: &[
        &[
            "drain",
            "error",
            "framing",
            "http_client",
            "key_file",
            "origin",
            "patience",
            "signals",
            "timeouts",
            "wake",
        ],
        // What a connection is doing.
        &["activity"],
        &["outgoing", "connection_limit", "stream", "unread"],
        &["answering", "watch"],
        // A connection, and how its bytes come.
        &["protocols"],
        &["connection"],
        &["tls"],
        &["transport"],
        &["limits", "server"],
    ],
    exceptions: &[],
};

const DOORWARD: Crate = Crate {
    name: "doorward",
    layers: &[
        &[
            "access_log",
            "apps",
            "key_files",
            "logging",
            "mail",
            "password_lists",
        ],
        &["settings"],
        &["error"],
        &["keys", "node", "redis", "secret_files", "session_cache"],
        &["chores", "first_run"],
        &["serve"],
        &["open", "resource_server"],
        &["prelude"],
    ],
    exceptions: &[],
};

const SERVER: Crate = Crate {
    name: "doorward-server",
    layers: &[
        &["database_file", "ending", "environment", "options"],
        &["logs", "terminal"],
        &["metrics"],
        &["health", "pages"],
        &["app"],
        &["settings"],
        &["self_signed", "entry"],
        &["commands"],
        &["project"],
        &["command_line"],
    ],
    exceptions: &[],
};

const TESTING: Crate = Crate {
    name: "doorward-testing",
    layers: &[
        &["apps", "console", "cookies", "entropy", "failure", "rows"],
        &["fresh", "image", "wait"],
        &["database"],
        &["response"],
        &["events"],
        &["client"],
        &["user"],
        &["site"],
        &["door"],
        &["anonymous"],
    ],
    exceptions: &[],
};
