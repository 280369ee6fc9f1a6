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

/// Listens on every address that is called localhost, as vite takes any of them. A machine may lack some.
fn listen(port: u16) -> io::Result<Reserved> {
    let mut listeners = Vec::new();
    for address in ("localhost", port).to_socket_addrs()? {
        match TcpListener::bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {}
            listener => listeners.push(listener?),
        }
    }
    Ok(Reserved {
        port,
        _listeners: listeners,
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

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
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let refused = reserve(Some(port)).err().unwrap().to_string();
        let what = format!("port {port} is in use: choose another with `--port PORT`");
        assert_eq!(refused, what);
        drop(taken);
        let reserved = reserve(Some(port)).unwrap();
        assert!(reserve(Some(port)).is_err());
        let [one, other] = [reserve(None).unwrap(), reserve(None).unwrap()];
        assert!(one.port != other.port && ![one.port, other.port].contains(&reserved.port));
    }
}
