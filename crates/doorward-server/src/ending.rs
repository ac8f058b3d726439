//! [`tip`]: what is said to those who look for the option of another server.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What other servers have options for, and this one an argument.
const ADDRESSES: [&str; 8] = [
    "--port",
    "-p",
    "--host",
    "--listen",
    "--bind",
    "-b",
    "--addr",
    "--address",
];

/// What is said to those who look for the option of other servers: the address is no option here, as in Django.
pub(crate) fn tip(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_sought = error.kind() == ErrorKind::UnknownArgument && ADDRESSES.contains(&option.as_str());
    is_sought.then(|| {
        format!(
            "error: unexpected argument '{option}' found\n\n  tip: runserver takes ADDR:PORT or a port, such as \
             `doorward runserver 8001` or `doorward runserver 0.0.0.0:8001`\n\nFor more information, try '--help'."
        )
    })
}
