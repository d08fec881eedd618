use super::*;

const RICH: &str = include_str!("../../tests/fixtures/kit_0_31/meta/0000_snapshot.json");

fn read(text: &str) -> Result<Snapshot> {
    Snapshot::parse(&SourceFile::new("meta/0000_snapshot.json", text))
}

#[test]
fn what_drizzle_kit_wrote_is_written_back_byte_for_byte() {
    assert_eq!(read(RICH).unwrap().to_json(), RICH);
}
