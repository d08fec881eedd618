//! The cluster, and what a person would see of a failure.

use driftless_diagnostic::Failure;
use driftless_postgres::{ConnectOptions, Session, connect};
use driftless_testing::Cluster;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, Weak};

/// Every test's address of its own on the loopback network: no port is in anybody's way.
pub(crate) const ADDRESS: &str = "127.83.7.21";

/// A server with TLS on TCP, trust on its socket, and passwords and rules on TCP; shared by the
/// tests that run at the same time.
pub(crate) fn cluster() -> Option<Arc<Cluster>> {
    static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap();
    if let Some(cluster) = shared.upgrade() {
        return Some(cluster);
    }
    let listen = format!("listen_addresses={ADDRESS}");
    let settings = [
        listen.as_str(),
        "ssl=on",
        "ssl_ca_file=ca.crt",
        "max_connections=30",
        "superuser_reserved_connections=3",
    ];
    let cluster = Cluster::start_prepared(&settings, &|data| {
        certificates(data);
        std::fs::write(data.join("pg_hba.conf"), HBA).unwrap();
    });
    let Some(cluster) = cluster else {
        println!("skipped: no Postgres on this machine");
        return None;
    };
    for sql in [
        "CREATE ROLE ann LOGIN PASSWORD 'sec&ret/1'",
        "CREATE ROLE plain LOGIN PASSWORD 'p'",
        "CREATE ROLE encrypted LOGIN PASSWORD 'p'",
        "CREATE ROLE certified LOGIN",
        "CREATE ROLE nobody_in",
        "CREATE ROLE limited LOGIN PASSWORD 'p' CONNECTION LIMIT 0",
        "CREATE DATABASE closed",
        "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
    ] {
        cluster
            .databases()
            .run("postgres", &format!("{sql};"))
            .unwrap();
    }
    let cluster = Arc::new(cluster);
    *shared = Arc::downgrade(&cluster);
    Some(cluster)
}

/// `plain` only without TLS, `encrypted` only with it, `certified` only with a certificate.
const HBA: &str = "\
local all all trust
hostssl all certified 127.0.0.0/8 cert
hostssl all encrypted 127.0.0.0/8 scram-sha-256
hostnossl all plain 127.0.0.0/8 scram-sha-256
hostssl all plain 127.0.0.0/8 reject
host all ann 127.0.0.0/8 scram-sha-256
host all limited 127.0.0.0/8 scram-sha-256
host all missing 127.0.0.0/8 trust
host all nobody_in 127.0.0.0/8 trust
";

/// An authority, the server's certificate for `db.test` by it, a client's, and a stranger.
fn certificates(data: &Path) {
    let script = r#"
        set -e
        ca() {
          openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -subj "/CN=$2" -keyout $1.key -out $1.crt \
            -addext basicConstraints=critical,CA:true
        }
        leaf() {
          openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
            -keyout $1.key -out $1.csr
          printf "$3" > $1.ext
          openssl x509 -req -in $1.csr -CA $4.crt -CAkey $4.key -CAcreateserial -days 2 \
            -extfile $1.ext -out $1.crt
        }
        ca ca "Throwaway CA"
        ca stranger "Stranger"
        leaf server db.test "subjectAltName=DNS:db.test" ca
        leaf client certified "extendedKeyUsage=clientAuth" ca
    "#;
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(data)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "openssl: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A URL over TCP.
pub(crate) fn tcp(user: &str, rest: &str) -> String {
    format!("postgres://{user}@db.test/postgres?hostaddr={ADDRESS}{rest}")
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

pub(crate) async fn open(url: &str) -> Result<Session, Failure> {
    connect(&ConnectOptions::from_url(url)?).await
}

/// Code, message, notes and help of a connection that must fail.
pub(crate) fn refusal(url: &str) -> String {
    match block_on(open(url)) {
        Ok(_) => panic!("{url} connects"),
        Err(failure) => shown(&failure),
    }
}

pub(crate) fn shown(failure: &Failure) -> String {
    let mut text = String::new();
    for diagnostic in failure.diagnostics() {
        text += &format!("{}: {}\n", diagnostic.code, diagnostic.message);
        for note in &diagnostic.notes {
            text += &format!("  note: {note}\n");
        }
        for help in &diagnostic.help {
            text += &format!("  help: {help}\n");
        }
    }
    text
}
