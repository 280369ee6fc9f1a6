//! A port of this machine to serve the page on.

use std::io::{self, ErrorKind};
use std::net::{TcpListener, ToSocketAddrs};

use anyhow::{Context, Result, anyhow};

use crate::arguments::Misuse;

/// The first of the ports that are tried if none is asked for: vite's own.
const FIRST: u16 = 4173;

/// A port that is kept from others until this is dropped.
pub struct Reserved {
    pub port: u16,
    _listeners: Vec<TcpListener>,
}

/// The port among the arguments of `play`.
pub fn asked(arguments: &[String]) -> Result<Option<u16>, Misuse> {
    match arguments {
        [] => Ok(None),
        [flag, port] if flag == "--port" => {
            let port = port.parse().ok().filter(|&port| port != 0);
            let what = "a port is a number from 1 to 65535";
            port.map(Some).ok_or_else(|| Misuse(what.to_owned()))
        }
        _ => {
            let what = "`play` takes `--port PORT` and nothing else";
            Err(Misuse(what.to_owned()))
        }
    }
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
    use super::{asked, reserve};

    #[test]
    fn a_port_is_given_or_left_to_the_server_and_nothing_else_is() {
        let arguments = |given: &[&str]| {
            given
                .iter()
                .map(|&text| text.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(asked(&[]).unwrap(), None);
        assert_eq!(asked(&arguments(&["--port", "8080"])).unwrap(), Some(8080));
        for refused in [
            &["--port"][..],
            &["--port", "0"],
            &["--port", "70000"],
            &["8080"],
        ] {
            assert!(asked(&arguments(refused)).is_err());
        }
    }

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
