//! The migrations of examples/race, put into this test.

use crate::support::{Folder, block_on, database, listen};
use driftless::{Migrator, State};

const RACE: &str = "../../examples/race/apps/api/src/db/migrations";

static MIGRATOR: Migrator = driftless::migrate!("../../examples/race/apps/api/src/db/migrations");

const LEDGER: &str = "select hash, created_at from drizzle.__drizzle_migrations order by id";

#[test]
fn a_database_is_brought_up_to_the_folder_and_again_is_nothing_to_do() {
    let Some(db) = database() else { return };
    block_on(async {
        let summary = MIGRATOR.run_url(&db.url).await.unwrap();
        let applied: Vec<_> = summary.applied.iter().map(|one| &*one.tag).collect();
        assert_eq!(applied, ["0000_initial", "0001_rls_policies"]);
        // As in `meta/_driftless.json` and the journal.
        assert_eq!(
            db.rows(LEDGER).await,
            "887001524b883e97f2e51f9e9e193c528bed0904472b6e4ce7ef8d8aab8ef80d|1795424549820\n\
             ec2d2fb42382bde5bd9a4ef5c32ee72779b6f6307feb4b5d18ea710427c35091|1795424549928"
        );

        let (migrator, heard) = listen(&MIGRATOR);
        let summary = migrator.run_url(&db.url).await.unwrap();
        assert_eq!((summary.applied.len(), summary.already), (0, 2));
        assert_eq!(*heard.lock().unwrap(), ["2 applied before, 0 to apply"]);
    });
}

#[test]
fn a_folder_read_at_run_time_is_the_same_one() {
    let Some(db) = database() else { return };
    block_on(async {
        MIGRATOR.run_url(&db.url).await.unwrap();
        let read = Migrator::from_folder(RACE).unwrap();
        let mut session = db.session().await;
        assert_eq!(read.run(&mut session).await.unwrap().already, 2);
        // Paths in messages are those that were given, so both say the same in every word.
        let session = db.session().await;
        let (one, other) = (MIGRATOR.status(&session).await, read.status(&session).await);
        assert_eq!(one, other);
    });
}

#[test]
fn an_edited_migration_is_refused() {
    let Some(db) = database() else { return };
    block_on(async {
        MIGRATOR.run_url(&db.url).await.unwrap();
        let folder = Folder::copy(RACE);
        folder.edit("0001_rls_policies.sql", "NOLOGIN BYPASSRLS", "NOLOGIN");
        let error = folder.migrator().run_url(&db.url).await.unwrap_err();
        assert!(error.has_code("applied-migration-edited"));
        insta::assert_snapshot!(error, @"`0001_rls_policies` was edited after it was applied to this database");
        insta::assert_snapshot!(folder.shown(&error), @r"
        error[applied-migration-edited]: `0001_rls_policies` was edited after it was applied to this database
         --> drizzle/0001_rls_policies.sql:1:1
          |
        1 | -- Row level security: one account never sees another account's rows, whatever a query forgets.
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: applied: sha256 ec2d2fb42382bde5bd9a4ef5c32ee72779b6f6307feb4b5d18ea710427c35091
          = note: now:     sha256 724f028eca543ef6520e8f7158640db0c213cb8f73fde42d4712ce8ad3e8a1cb
          = note: its statements differ
          = help: restore the file (`git checkout`), and write the change as a new migration
        ");
    });
}

#[test]
fn of_many_tasks_at_once_each_migration_is_applied_by_one() {
    let Some(db) = database() else { return };
    block_on(async {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let url = db.url.clone();
                tokio::spawn(async move { MIGRATOR.run_url(&url).await })
            })
            .collect();
        let (mut applied, mut already) = (0, 0);
        for task in tasks {
            let summary = task.await.unwrap().unwrap();
            applied += summary.applied.len();
            already += summary.already;
        }
        assert_eq!((applied, already), (2, 7 * 2));
        let counted =
            "select migration, count(*) from drizzle.__driftless_runs group by 1 order by 1";
        assert_eq!(
            db.rows(counted).await,
            "0000_initial|1\n0001_rls_policies|1"
        );
    });
}

#[test]
fn status_writes_nothing() {
    let Some(db) = database() else { return };
    block_on(async {
        let status = MIGRATOR.status_url(&db.url).await.unwrap();
        assert!(!status.ledger_exists && status.findings.is_empty());
        let pending = |one: &driftless::MigrationStatus| one.state == State::Pending;
        assert!(status.migrations.iter().all(pending));
        let schemas = "select count(*) from pg_namespace where nspname in ('drizzle', 'billing')";
        assert_eq!(db.rows(schemas).await, "0");
    });
}
