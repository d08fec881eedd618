//! `postgres://` URLs as libpq reads them.

use crate::defaults::Defaults;
use crate::options::{ConnectOptions, Endpoint, half_a_client_certificate};
use crate::parameters::{self, Given};
use crate::secret::Secret;
use driftless_diagnostic::{Diagnostic, Failure, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Reads a URL; what it leaves out is taken from `defaults`. No message repeats the URL: it may hold
/// a password.
pub(crate) fn parse(text: &str, defaults: &Defaults) -> Result<ConnectOptions> {
    let text = text.trim();
    let Some(rest) = text
        .strip_prefix("postgres://")
        .or_else(|| text.strip_prefix("postgresql://"))
    else {
        return Err(wrong_scheme(text).into());
    };
    let (before_query, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = before_query.split_once('/').unwrap_or((before_query, ""));
    if path.contains('@') {
        return Err(malformed("the password holds a `/` that is not written as `%2F`").into());
    }
    let (userinfo, hosts) = match authority.rsplit_once('@') {
        Some((userinfo, hosts)) => (Some(userinfo), hosts),
        None => (None, authority),
    };
    if query.contains('@') && userinfo.is_none() {
        return Err(malformed("the password holds a `?` that is not written as `%3F`").into());
    }

    let parameters = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name, "a parameter's name")?;
            let value = decode(value, &format!("`{name}`"))?;
            Ok((name, value))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut options = ConnectOptions::default();
    let mut given = Given::default();
    let named = |name: &str| parameters.iter().find(|(named, _)| named == name);
    let service = named("service").map(|(_, service)| service.as_str());
    for setting in defaults.settings(service)? {
        if named(&setting.name).is_some() || setting.name == "sslmode" && named("ssl").is_some() {
            continue;
        }
        parameters::apply(&mut options, &mut given, &setting.name, setting.value).map_err(
            |failure| {
                let told = failure.into_diagnostics().into_iter();
                let origin = format!("it is from {}", setting.origin);
                Failure::new(told.map(|found| found.note(origin.clone())).collect())
            },
        )?;
    }
    if let Some(userinfo) = userinfo {
        let (user, password) = match userinfo.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (userinfo, None),
        };
        if !user.is_empty() {
            options.user = Some(decode(user, "the user name")?);
        }
        if let Some(password) = password.filter(|p| !p.is_empty()) {
            options.password = Some(Secret::new(decode(password, "the password")?));
        }
    }
    let (hosts, ports): (Vec<_>, Vec<_>) = hosts
        .split(',')
        .map(host_and_port)
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .unzip();
    if given.hosts.is_empty() || hosts.iter().any(|host| !host.is_empty()) {
        given.hosts = hosts;
    }
    if given.ports.is_empty() || ports.iter().any(Option::is_some) {
        given.ports = ports;
    }
    if !path.is_empty() {
        options.database = Some(decode(path, "the database name")?);
    }
    for (name, value) in parameters {
        parameters::apply(&mut options, &mut given, &name, value)?;
    }
    let passfile = given.passfile.take();
    finish(&mut options, given)?;
    defaults.complete(&mut options, passfile);
    Ok(options)
}

/// Percent-encodes what stands for a name in a URL.
pub(crate) fn encode(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

fn finish(options: &mut ConnectOptions, given: Given) -> Result<()> {
    let Given {
        hosts,
        ports,
        addresses,
        root_is_system,
        certificate,
        key,
        passfile: _,
    } = given;
    if ports.len() > 1 && ports.len() != hosts.len() {
        return Err(malformed("the number of ports differs from the number of hosts").into());
    }
    if !addresses.is_empty() && addresses.len() != hosts.len() {
        return Err(malformed("the number of `hostaddr`s differs from the number of hosts").into());
    }
    for (i, host) in hosts.iter().enumerate() {
        let port = ports.get(i).or(ports.first()).copied().flatten();
        let address = addresses.get(i).copied();
        // No host means this machine. libpq tries the socket first; where that lies differs from
        // system to system, so TCP it is, as the npm drivers have it.
        let host = if host.is_empty() { "localhost" } else { host };
        options
            .endpoints
            .push(Endpoint::new(host, address, port.unwrap_or(5432)));
    }
    options.client_certificate = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        _ => return Err(half_a_client_certificate().into()),
    };
    if root_is_system && !matches!(options.ssl_mode, crate::SslMode::VerifyFull) {
        return Err(Diagnostic::error(
            "invalid-database-url",
            format!(
                "`sslrootcert=system` trusts every public authority, so `sslmode={}` with it would verify nothing",
                options.ssl_mode
            ),
        )
        .help("use `sslmode=verify-full`")
        .into());
    }
    Ok(())
}

fn host_and_port(text: &str) -> Result<(String, Option<u16>)> {
    let (host, port) = if let Some(inside) = text.strip_prefix('[') {
        let Some((host, port)) = inside.split_once(']') else {
            return Err(malformed("a `[` of an IPv6 address is never closed").into());
        };
        (host, port.strip_prefix(':'))
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    let port = match port {
        None | Some("") => None,
        Some(port) => Some(parameters::port(port)?),
    };
    Ok((decode(host, "the host name")?, port))
}

fn decode(text: &str, what: &str) -> Result<String> {
    let bytes = text.as_bytes();
    let malformed_escape = bytes.iter().enumerate().any(|(i, byte)| {
        *byte == b'%'
            && !bytes
                .get(i + 1..i + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    if malformed_escape {
        return Err(malformed(format!(
            "{what} holds a `%` that is not followed by two hexadecimal digits"
        ))
        .help("write a `%` itself as `%25`")
        .into());
    }
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if decoded.contains('\0') => {
            Err(malformed(format!("{what} holds a zero byte")).into())
        }
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(malformed(format!("{what} is not UTF-8 once decoded")).into()),
    }
}

fn wrong_scheme(text: &str) -> Diagnostic {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let diagnostic = match scheme {
        Some(scheme)
            if scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) =>
        {
            malformed(format!("it begins with `{scheme}://`"))
        }
        _ => malformed("it does not begin with `postgres://`"),
    };
    diagnostic.help("write it as `postgres://user:password@host:5432/database`")
}

fn malformed(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        "invalid-database-url",
        format!("the database URL cannot be used: {what}"),
    )
}
