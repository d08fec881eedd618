//! The example's schema as a template, and what the guard says to a copy of it.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use driftless_postgres::{ConnectOptions, Reading, Scope, connect, read};
use driftless_tenant::probe::Proof;
use driftless_tenant::{Accepted, Facts, Finding, Tenant, probe, run, sift};
use driftless_testing::Cluster;

/// A server with the example's schema in a database that others are copied from. Its roles belong
/// to the whole server, so every test has a server of its own.
pub(crate) struct Example {
    cluster: Cluster,
    template: String,
}

/// What the guard says.
pub(crate) struct Told {
    /// Of the rules.
    pub(crate) rules: Vec<Finding>,
    /// Of the probe.
    pub(crate) probe: Vec<Finding>,
    pub(crate) proof: Proof,
}

impl Example {
    /// Nothing where no Postgres is installed, and says so.
    pub(crate) fn new() -> Option<Self> {
        let Some(cluster) = Cluster::start() else {
            println!("skipped: no Postgres on this machine");
            return None;
        };
        let template = cluster.new_database();
        let example = Self { cluster, template };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../examples/race/apps/api/src/db/migrations");
        for file in ["0000_initial.sql", "0001_rls_policies.sql"] {
            let sql = std::fs::read_to_string(folder.join(file)).unwrap();
            example.sql(&example.template, &sql);
        }
        Some(example)
    }

    /// An empty database instead.
    pub(crate) fn empty() -> Option<Self> {
        let Some(cluster) = Cluster::start() else {
            println!("skipped: no Postgres on this machine");
            return None;
        };
        let template = cluster.new_database();
        Some(Self { cluster, template })
    }

    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        let said = self.cluster.databases().run(database, sql);
        said.unwrap_or_else(|error| panic!("{error}\n{sql}"))
    }

    pub(crate) fn copy(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("copy_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.sql(
            "postgres",
            &format!(
                "CREATE DATABASE {name} TEMPLATE {} STRATEGY file_copy;",
                self.template
            ),
        );
        name
    }

    pub(crate) fn drop(&self, name: &str) {
        self.sql("postgres", &format!("DROP DATABASE {name} WITH (FORCE);"));
    }

    pub(crate) fn read(&self, name: &str) -> Reading {
        let options = ConnectOptions::from_url(&self.cluster.url(name)).unwrap();
        block_on(async {
            let mut session = connect(&options).await.unwrap();
            let reading = read(&mut session, &Scope::default()).await.unwrap();
            session.close().await;
            reading
        })
    }

    pub(crate) fn told(&self, database: &str, tenant: &Tenant) -> Told {
        block_on(async {
            let options = ConnectOptions::from_url(&self.cluster.url(database)).unwrap();
            let mut session = connect(&options).await.unwrap();
            let reading = read(&mut session, &Scope::default()).await.unwrap();
            let facts = Facts::new(&reading.catalog, tenant, None);
            let rules = sift(run(&facts), tenant).findings;
            let proof = probe(&mut session, &facts).await.unwrap();
            session.close().await;
            Told {
                rules,
                probe: sift(proof.findings(), tenant).findings,
                proof,
            }
        })
    }

    /// A copy with these statements run, and what the guard says to it.
    pub(crate) fn changed(&self, sql: &str, tenant: &Tenant) -> Told {
        let name = self.copy();
        self.sql(&name, sql);
        let told = self.told(&name, tenant);
        self.drop(&name);
        told
    }
}

impl Told {
    /// `R01 notes`, one a line, those of the probe too.
    pub(crate) fn short(&self) -> String {
        let all = self.rules.iter().chain(&self.probe);
        let lines: Vec<String> = all
            .map(|one| {
                format!(
                    "{} {} {}: {}",
                    one.number, one.diagnostic.code, one.object, one.diagnostic.message
                )
            })
            .collect();
        lines.join("\n")
    }
}

/// What the example says of its tenants.
pub(crate) fn race() -> Tenant {
    let list = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let pairs = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    Tenant {
        column: "account_id".to_owned(),
        columns: pairs(&[("accounts", "id")]),
        function: "current_account_id".to_owned(),
        app_roles: list(&["race_app"]),
        admin_roles: list(&["race_admin"]),
        exempt: pairs(&[
            ("users", "a user belongs to several accounts"),
            ("regions", "the same for everybody"),
            ("billing.plans", "the same for everybody"),
        ]),
        accepted: vec![Accepted {
            rule: "R11".to_owned(),
            object: "accounts.accounts_slug_key".to_owned(),
            reason: "it is part of a URL".to_owned(),
        }],
        ..Tenant::default()
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
