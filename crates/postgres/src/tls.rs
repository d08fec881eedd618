//! What is verified of a server's certificate, by `sslmode`.

use crate::options::{ConnectOptions, SslMode};
use crate::roots;
use driftless_diagnostic::{Diagnostic, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use std::sync::Arc;

/// Settings of the TLS session that these options ask for.
pub(crate) fn client_config(options: &ConnectOptions) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(options, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &options.client_certificate {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => builder
            .with_client_auth_cert(roots::certificates(certificate)?, roots::key(key)?)
            .map_err(|error| {
                Diagnostic::error(
                    "certificate-file-unusable",
                    format!("the client certificate and its key cannot be used: {error}"),
                )
                .help("check that `sslkey` is the key of `sslcert`")
            })?,
    };
    if options.direct_tls {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(config)
}

/// What is checked of the certificate, in words for a failure.
pub(crate) fn verification(options: &ConnectOptions) -> Verification {
    match options.ssl_mode {
        SslMode::VerifyFull => Verification::Full,
        SslMode::VerifyCa => Verification::Authority,
        // libpq: with a root certificate at hand, `require` is `verify-ca`.
        SslMode::Require if options.root_certificate.is_some() => Verification::Authority,
        _ => Verification::Nothing,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verification {
    Nothing,
    Authority,
    Full,
}

fn verifier(
    options: &ConnectOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>> {
    let verification = verification(options);
    if verification == Verification::Nothing {
        return Ok(Arc::new(Unverified(Arc::clone(provider))));
    }
    let with_name = verification == Verification::Full;
    if let Some(pem) = &options.root_certificate {
        let trusted = roots::certificates(pem)?;
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(trusted.clone());
        return Ok(Arc::new(Given {
            store,
            trusted,
            with_name,
            provider: Arc::clone(provider),
        }));
    }
    let system = rustls_platform_verifier::Verifier::new(Arc::clone(provider))
        .map_err(|error| unusable(&error))?;
    Ok(Arc::new(System { system, with_name }))
}

fn unusable(error: &rustls::Error) -> Diagnostic {
    Diagnostic::error(
        "tls-unavailable",
        format!("TLS cannot be set up on this machine: {error}"),
    )
    .help("give the server's authority with `sslrootcert=FILE`")
}

/// Encrypts, and believes whoever answers.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

/// Trusts the certificates of `sslrootcert`.
#[derive(Debug)]
struct Given {
    store: RootCertStore,
    trusted: Vec<CertificateDer<'static>>,
    with_name: bool,
    provider: Arc<CryptoProvider>,
}

/// Trusts what the operating system trusts.
#[derive(Debug)]
struct System {
    system: rustls_platform_verifier::Verifier,
    with_name: bool,
}

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for Given {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        // A self-signed server certificate that is itself the root given: OpenSSL takes it, webpki
        // would say that an authority cannot be a server.
        if !self.trusted.iter().any(|trusted| trusted == end_entity) {
            verify_server_cert_signed_by_trust_anchor(
                &certificate,
                &self.store,
                intermediates,
                now,
                self.provider.signature_verification_algorithms.all,
            )?;
        }
        if self.with_name {
            verify_server_name(&certificate, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl ServerCertVerifier for System {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let verified =
            self.system
                .verify_server_cert(end_entity, intermediates, server_name, ocsp, now);
        match verified {
            // The chain is verified before the name, so nothing else is wrong.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.with_name => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.system.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.system.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}
