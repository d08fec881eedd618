//! Writes that are killed, fail, or meet another writer.

use super::*;

/// Runs a write of two migrations on a copy of the drizzle-kit folder that has a record already.
fn interrupted_at(
    stop_at: usize,
    stop: fn() -> Stop,
) -> (
    Project,
    BTreeMap<String, String>,
    Vec<String>,
    Result<Vec<Written>>,
) {
    let project = Project::by_drizzle_kit();
    record(&project.folder()).unwrap();
    let before = project.files();
    let mut steps = Vec::new();
    let new = [
        generated("x", &["select 1;"]),
        generated("y", &["select 2;"]),
    ];
    let done = write_with(&project.folder(), &new, &options(), &mut |step| {
        steps.push(step.to_owned());
        if steps.len() > stop_at {
            Err(stop())
        } else {
            Ok(())
        }
    });
    (project, before, steps, done)
}

fn failed() -> Stop {
    Stop::Failed(io::ErrorKind::StorageFull.into())
}

#[test]
fn the_journal_is_placed_last() {
    let (_, _, steps, done) = interrupted_at(usize::MAX, failed);
    done.unwrap();
    assert_eq!(
        steps.join("\n"),
        "write 0002_x.sql\n\
         write meta/0002_snapshot.json\n\
         write 0003_y.sql\n\
         write meta/0003_snapshot.json\n\
         write meta/_driftless.json\n\
         write meta/_journal.json\n\
         note what is to come\n\
         place 0002_x.sql\n\
         place meta/0002_snapshot.json\n\
         place 0003_y.sql\n\
         place meta/0003_snapshot.json\n\
         place meta/_driftless.json\n\
         place meta/_journal.json\n\
         forget the list"
    );
}

#[test]
fn an_error_at_any_step_leaves_the_old_folder() {
    for stop_at in 0..13 {
        let (project, before, steps, done) = interrupted_at(stop_at, failed);
        let failure = done.unwrap_err();
        assert_eq!(project.files(), before, "{}", steps[stop_at]);
        assert_eq!(failure.diagnostics()[0].code, "folder-not-writable");
    }
    let (project, before, _, done) = interrupted_at(13, failed);
    assert_eq!(done.unwrap().len(), 2, "all was in place");
    assert_ne!(project.files(), before);
}

#[test]
fn a_kill_at_any_step_leaves_the_old_folder_or_the_new_one() {
    for stop_at in 0..14 {
        let (project, before, steps, _) = interrupted_at(stop_at, || Stop::Killed);
        let step = &steps[stop_at];
        let folder = project.folder();
        let complete = step == "forget the list";
        assert_eq!(
            folder.migrations.len(),
            if complete { 4 } else { 2 },
            "{step}"
        );
        assert!(folder.unlisted_scripts.is_empty(), "{step}");
        assert!(folder.unlisted_snapshots.is_empty(), "{step}");
        assert_eq!(
            folder.record.lines.len(),
            if complete { 3 } else { 1 },
            "{step}"
        );

        // The next write clears it all and comes out the same as on an untouched folder.
        let written = project.write(&[generated("z", &["select 3;"])]).unwrap();
        assert_eq!(
            written[0].tag,
            if complete { "0004_z" } else { "0002_z" },
            "{step}"
        );
        let mut names: Vec<String> = project.files().into_keys().collect();
        names.retain(|name| !before.contains_key(name));
        if complete {
            assert_eq!(names.len(), 6);
        } else {
            assert_eq!(names, ["/0002_z.sql", "meta/0002_snapshot.json"], "{step}");
        }
        assert!(project.folder().interrupted.is_none());
    }
}

#[test]
fn what_somebody_wrote_into_a_leftover_is_kept() {
    let (project, _, steps, _) = interrupted_at(12, || Stop::Killed);
    assert_eq!(steps[12], "place meta/_journal.json");
    fs::write(project.dir.join("0002_x.sql"), "select 'precious';").unwrap();
    let folder = project.folder();
    let interrupted = folder.interrupted.as_ref().unwrap();
    assert_eq!(interrupted.edited, ["0002_x.sql"]);
    assert_eq!(folder.unlisted_scripts[0].tag, "0002_x");
    let written = project.write(&[generated("z", &["select 3;"])]).unwrap();
    assert_eq!(written[0].tag, "0003_z");
    assert_eq!(project.text("0002_x.sql"), "select 'precious';");
    assert!(!project.dir.join("0003_y.sql").exists());
}

#[test]
fn a_first_write_that_fails_leaves_no_folder() {
    let project = Project::empty();
    let new = [generated("x", &["select 1;"])];
    write_with(&project.folder(), &new, &options(), &mut |step| {
        if step.starts_with("place meta/_journal") {
            Err(failed())
        } else {
            Ok(())
        }
    })
    .unwrap_err();
    assert!(!project.dir.exists());
}

#[test]
fn a_failure_says_what_where_and_what_to_do() {
    let (_, _, _, done) = interrupted_at(8, failed);
    assert_eq!(
        spell(&done.unwrap_err()),
        "error[folder-not-writable] drizzle/meta/0002_snapshot.json cannot be written\n\
         note: no storage space\n\
         note: the folder is as it was\n\
         help: free some disk space and run the command again"
    );
}

#[test]
fn one_writer_at_a_time() {
    let project = Project::by_drizzle_kit();
    let folder = project.folder();
    let _held = lock::take(&folder).unwrap();
    assert_eq!(
        spell(&project.write(&[custom("x")]).unwrap_err()),
        "error[folder-locked] drizzle is being written by another driftless\n\
         help: run the command again when that one has finished"
    );
}

#[test]
fn a_folder_that_changed_since_it_was_read_is_not_written() {
    let project = Project::by_drizzle_kit();
    let stale = project.folder();
    project
        .write(&[generated("first", &["select 1;"])])
        .unwrap();
    let before = project.files();
    assert_eq!(
        spell(&write(&stale, &[generated("second", &["select 2;"])], &options()).unwrap_err()),
        "error[folder-changed] drizzle changed while this command ran, nothing was written\n\
         help: run the command again"
    );
    assert_eq!(project.files(), before);
}

#[test]
fn a_finished_write_of_another_process_is_never_taken_back() {
    let project = Project::by_drizzle_kit();
    let stale = project.folder();
    let new = [generated("x", &["select 1;"])];
    let killed = write_with(&project.folder(), &new, &options(), &mut |step| {
        if step == "forget the list" {
            Err(Stop::Killed)
        } else {
            Ok(())
        }
    });
    killed.unwrap();
    write(&stale, &new, &options()).unwrap_err();
    assert!(project.dir.join("0002_x.sql").exists());
    assert_eq!(project.folder().migrations.len(), 3);
}

/// A branch added `0002_mine` to the folder, another one `0002_theirs`: the first moves behind it.
fn rebased_at(
    stop_at: usize,
    stop: fn() -> Stop,
) -> (
    Project,
    BTreeMap<String, String>,
    Vec<String>,
    Result<Vec<Written>>,
) {
    let theirs = Project::by_drizzle_kit();
    theirs
        .write(&[generated("theirs", &["select 1;"])])
        .unwrap();
    let project = Project::by_drizzle_kit();
    project.write(&[generated("mine", &["select 2;"])]).unwrap();
    // As git leaves a journal that it cannot merge.
    let journal = project.text("meta/_journal.json");
    let conflict = journal.replace("\"0002_mine\"", "\n<<<<<<< HEAD\n\"0002_mine\"");
    fs::write(project.dir.join("meta/_journal.json"), conflict).unwrap();
    let before = project.files();

    let disk = Files::read(&project.dir, "drizzle").unwrap();
    let base_files = Files::read(&theirs.dir, "drizzle").unwrap();
    let base = Folder::from_files("drizzle", &base_files).unwrap();
    let moved = [Moved {
        new: generated("mine", &[]),
        text: Some("select 2;".to_owned()),
        breakpoints: true,
    }];
    let change = Rebase {
        dir: &project.dir,
        shown: "drizzle",
        disk: &disk,
        base_files: &base_files,
        base: &base,
        old: &["0002_mine".to_owned()],
    };
    let mut steps = Vec::new();
    let done = rebase::rebase_with(&change, &moved, &options(), &mut |step| {
        steps.push(step.to_owned());
        if steps.len() > stop_at {
            Err(stop())
        } else {
            Ok(())
        }
    });
    (project, before, steps, done)
}

#[test]
fn a_rebase_places_the_journal_last_and_then_removes_old_files() {
    let (project, _, steps, done) = rebased_at(usize::MAX, failed);
    assert_eq!(done.unwrap()[0].tag, "0003_mine");
    assert_eq!(
        steps.join("\n"),
        "write 0002_theirs.sql\n\
         write 0003_mine.sql\n\
         write meta/0002_snapshot.json\n\
         write meta/0003_snapshot.json\n\
         write meta/_driftless.json\n\
         write meta/_journal.json\n\
         note what is to come\n\
         place 0002_theirs.sql\n\
         place 0003_mine.sql\n\
         place meta/0002_snapshot.json\n\
         place meta/0003_snapshot.json\n\
         place meta/_driftless.json\n\
         place meta/_journal.json\n\
         remove 0002_mine.sql\n\
         forget the list"
    );
    let folder = project.folder();
    assert_eq!(folder.migrations.len(), 4);
    assert_eq!(folder.unlisted_scripts.len(), 0);
    assert!(!project.dir.join("meta/_driftless.pending.json").exists());
}

#[test]
fn a_rebase_that_fails_or_is_killed_leaves_the_old_folder_or_the_new_one() {
    for stop_at in 0..13 {
        let (project, before, steps, done) = rebased_at(stop_at, failed);
        done.unwrap_err();
        assert_eq!(project.files(), before, "{}", steps[stop_at]);

        let (project, before, steps, done) = rebased_at(stop_at, || Stop::Killed);
        done.unwrap_err();
        // Whoever looks next takes it back, though nobody can read the journal.
        take_back(&project.dir, "drizzle").unwrap();
        assert_eq!(project.files(), before, "{}", steps[stop_at]);
    }
    for stop_at in [13, 14] {
        let (project, _, _, done) = rebased_at(stop_at, || Stop::Killed);
        done.unwrap();
        let folder = project.folder();
        assert_eq!(folder.migrations.len(), 4);
        assert_eq!(folder.unlisted_scripts.len(), 0, "the old file is not seen");
        take_back(&project.dir, "drizzle").unwrap();
        assert!(!project.dir.join("0002_mine.sql").exists());
        assert!(!project.dir.join("meta/_driftless.pending.json").exists());
    }
}

/// Two migrations become one, under a name that one of them has.
fn squashed_at(
    stop_at: usize,
    name: &str,
    stop: fn() -> Stop,
) -> (
    Project,
    BTreeMap<String, String>,
    Vec<String>,
    Result<Written>,
) {
    let project = Project::by_drizzle_kit();
    project.write(&[generated("kept", &["select 1;"])]).unwrap();
    let before = project.files();
    let mut steps = Vec::new();
    let new = generated(name, &["select 3;"]);
    let done = squash::squash_with(&project.folder(), 2, &new, &mut |step| {
        steps.push(step.to_owned());
        if steps.len() > stop_at {
            Err(stop())
        } else {
            Ok(())
        }
    });
    (project, before, steps, done)
}

#[test]
fn a_squash_that_fails_or_is_killed_leaves_the_old_folder_or_the_new_one() {
    let first = Project::by_drizzle_kit().folder().migrations[0]
        .tag()
        .to_owned();
    let (_, same) = first.split_once('_').unwrap();
    for name in ["baseline", same] {
        let (project, _, steps, done) = squashed_at(usize::MAX, name, failed);
        assert_eq!(done.unwrap().tag, format!("0000_{name}"));
        let folder = project.folder();
        assert_eq!(folder.migrations.len(), 2);
        assert_eq!(folder.unlisted_scripts.len(), 0);
        let placed = steps
            .iter()
            .position(|step| step == "place meta/_journal.json");
        let placed = placed.unwrap();
        for stop_at in 0..=placed {
            let (project, before, steps, done) = squashed_at(stop_at, name, failed);
            done.unwrap_err();
            assert_eq!(project.files(), before, "{}", steps[stop_at]);

            let (project, before, steps, done) = squashed_at(stop_at, name, || Stop::Killed);
            done.unwrap_err();
            take_back(&project.dir, "drizzle").unwrap();
            assert_eq!(project.files(), before, "{}", steps[stop_at]);
        }
        for stop_at in placed + 1..steps.len() {
            let (project, _, _, done) = squashed_at(stop_at, name, || Stop::Killed);
            done.unwrap();
            assert_eq!(project.folder().migrations.len(), 2);
            take_back(&project.dir, "drizzle").unwrap();
            assert_eq!(project.folder().unlisted_scripts.len(), 0);
            assert!(!project.dir.join("meta/_driftless.pending.json").exists());
        }
    }
}
