//! A port of this machine to serve the page on.

use std::io::{self, ErrorKind};
use std::net::{TcpListener, ToSocketAddrs};

use anyhow::{Context, Result, anyhow};

/// The first of the ports that are tried if none is asked for: vite's own.
const FIRST: u16 = 4173;

/// A port that is kept from others until this is dropped.
pub struct Reserved {
    pub port: u16,
    _listeners: Vec<TcpListener>,
}

/// Reserves the port that was asked for, or else the first that is free.
pub fn reserve(asked: Option<u16>) -> Result<Reserved> {
    let Some(port) = asked else {
        let free = (FIRST..=u16::MAX).find_map(|port| listen(port).ok());
        return free.context("no port is free");
    };
    listen(port).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!("port {port} is in use: choose another with `--port PORT`"),
        _ => anyhow!("port {port} cannot be used ({error}): choose another with `--port PORT`"),
    })
}

/// Listens on every address that is called localhost, as vite takes any of them. A machine may lack some of them, as
/// those of IPv6.
fn listen(port: u16) -> io::Result<Reserved> {
    let mut listeners = Vec::new();
    let mut lacking = None;
    for address in ("localhost", port).to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => listeners.push(listener),
            Err(error) => match error.kind() {
                ErrorKind::AddrInUse | ErrorKind::PermissionDenied => return Err(error),
                _ => lacking = Some(error),
            },
        }
    }
    match lacking {
        Some(error) if listeners.is_empty() => Err(error),
        _ => Ok(Reserved {
            port,
            _listeners: listeners,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::reserve;

    #[test]
    fn a_port_in_use_is_refused_if_it_is_asked_for_and_passed_over_if_none_is() {
        let [one, other] = [reserve(None).unwrap(), reserve(None).unwrap()];
        assert_ne!(one.port, other.port);
        let refused = reserve(Some(one.port)).err().unwrap().to_string();
        let what = format!(
            "port {} is in use: choose another with `--port PORT`",
            one.port
        );
        assert_eq!(refused, what);
    }
}
