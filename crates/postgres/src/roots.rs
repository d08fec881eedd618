//! Certificates and keys in PEM.

use crate::options::Pem;
use driftless_diagnostic::{Diagnostic, Result};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Every certificate of a PEM text, at least one.
pub(crate) fn certificates(pem: &Pem) -> Result<Vec<CertificateDer<'static>>> {
    let (text, name) = read(pem)?;
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(unusable(&name, "it holds no `BEGIN CERTIFICATE` block").into()),
        Err(error) => Err(unusable(&name, error).into()),
    }
}

/// The private key of a PEM text.
pub(crate) fn key(pem: &Pem) -> Result<PrivateKeyDer<'static>> {
    let (text, name) = read(pem)?;
    if text.windows(9).any(|window| window == b"ENCRYPTED") {
        return Err(unusable(&name, "the key is protected by a passphrase")
            .help("write it without one: `openssl pkey -in KEY -out PLAIN_KEY`")
            .into());
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| unusable(&name, error).into())
}

fn read(pem: &Pem) -> Result<(Vec<u8>, String)> {
    match pem {
        Pem::Text(text) => Ok((text.clone().into_bytes(), "the PEM text given".to_owned())),
        Pem::File(path) => match std::fs::read(path) {
            Ok(bytes) => Ok((bytes, format!("`{}`", path.display()))),
            Err(error) => Err(Diagnostic::error(
                "certificate-file-unusable",
                format!("`{}` cannot be read: {error}", path.display()),
            )
            .help("correct `sslrootcert`, `sslcert` or `sslkey` in the database URL")
            .into()),
        },
    }
}

fn unusable(name: &str, why: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        "certificate-file-unusable",
        format!("{name} cannot be used for TLS: {why}"),
    )
}
