//! The picture of a terminal in the README: what the commands say, as they say it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anstyle::RgbColor;
use anstyle_svg::{Palette, Term};

use crate::root;

/// Colours that can be read on the dark ground.
const PALETTE: Palette = Palette([
    RgbColor(0x3b, 0x42, 0x52),
    RgbColor(0xff, 0x7b, 0x72),
    RgbColor(0x7e, 0xe7, 0x87),
    RgbColor(0xf2, 0xcc, 0x60),
    RgbColor(0x79, 0xc0, 0xff),
    RgbColor(0xd2, 0xa8, 0xff),
    RgbColor(0x76, 0xe3, 0xea),
    RgbColor(0xd4, 0xd7, 0xdd),
    RgbColor(0x8b, 0x94, 0x9e),
    RgbColor(0xff, 0xa1, 0x98),
    RgbColor(0xaf, 0xf5, 0xb4),
    RgbColor(0xf8, 0xe3, 0xa1),
    RgbColor(0xa5, 0xd6, 0xff),
    RgbColor(0xe2, 0xc5, 0xff),
    RgbColor(0xb3, 0xf0, 0xff),
    RgbColor(0xff, 0xff, 0xff),
]);

/// What is typed, and what is done before it without being shown.
struct Scene {
    typed: &'static str,
    before: fn(&Path) -> Result<(), String>,
}

const SCENES: [Scene; 5] = [
    Scene {
        typed: "driftless check",
        before: |project| {
            edit(
                &project.join("src/db/schema.ts"),
                "title: text().notNull(),",
                "headline: text().notNull(),\n    published: boolean().notNull().default(false),",
            )?;
            edit(
                &project.join("src/db/schema.ts"),
                "import { index,",
                "import { boolean, index,",
            )
        },
    },
    Scene {
        typed: "driftless generate --name headlines --rename posts.title=posts.headline",
        before: |_| Ok(()),
    },
    Scene {
        typed: "driftless migrate",
        before: |_| Ok(()),
    },
    Scene {
        typed: "driftless check",
        before: |_| Ok(()),
    },
    Scene {
        typed: "driftless migrate",
        before: |project| {
            edit(
                &project.join("drizzle/0000_initial.sql"),
                "\"name\" text NOT NULL",
                "\"name\" text",
            )
        },
    },
];

/// Writes `docs/terminal.svg` from what the binary says.
pub(crate) fn run(binary: &str) -> Result<bool, String> {
    let binary = fs::canonicalize(binary).map_err(|e| format!("{binary}: {e}"))?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let project = folder.path();
    let call = |line: &str| -> Result<String, String> {
        let mut words = line.split(' ');
        words.next();
        let output = Command::new(&binary)
            .args(words)
            .args(["--color", "always"])
            .current_dir(project)
            .env_remove("DATABASE_URL")
            .env_remove("NO_COLOR")
            .env("COLUMNS", "100")
            .output()
            .map_err(|e| e.to_string())?;
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).map_err(|e| e.to_string())
    };
    call("driftless init --ci none")?;
    call("driftless migrate")?;
    let mut screen = String::new();
    for scene in SCENES {
        (scene.before)(project)?;
        screen += &format!("\u{1b}[1;32m$\u{1b}[0m \u{1b}[1m{}\u{1b}[0m\n", scene.typed);
        screen += call(scene.typed)?.trim_end();
        screen += "\n\n";
    }
    let svg = Term::new()
        .palette(PALETTE)
        .fg_color(rgb(0xd4, 0xd7, 0xdd))
        .bg_color(rgb(0x12, 0x16, 0x1d))
        .min_width_px(900)
        .render_svg(screen.trim_end());
    fs::write(root().join("docs/terminal.svg"), svg).map_err(|e| e.to_string())?;
    Ok(true)
}

fn rgb(r: u8, g: u8, b: u8) -> anstyle::Color {
    anstyle::Color::Rgb(RgbColor(r, g, b))
}

fn edit(path: &Path, old: &str, new: &str) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
    if !text.contains(old) {
        return Err(format!("{} holds no {old:?}", path.display()));
    }
    fs::write(path, text.replacen(old, new, 1)).map_err(|e| e.to_string())
}
