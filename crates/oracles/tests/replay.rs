//! Every oracle holds for its seeds, for damaged copies of them and for every regression; and every
//! oracle is a fuzz target.

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::{fs, io};

use cookiespec_oracles::{ALL, Oracle};
use cookiespec_vectors::Suite;

/// What a copy of a seed gets in place of one of its octets.
const DAMAGE: &[u8] = b"\x00\t\n ;=,\".%\x7f\xff";

#[test]
fn oracles_hold_for_their_seeds() {
    let suite = Suite::embedded().unwrap();
    for oracle in ALL {
        let seeds = (oracle.seeds)(&suite);
        assert!(seeds.len() > 10, "{} has {} seeds", oracle.name, seeds.len());
        for seed in &seeds {
            hold(oracle, seed);
        }
    }
}

/// Each seed once, with one octet replaced; which octet, and by what, its number decides.
#[test]
fn oracles_hold_for_damaged_seeds() {
    let suite = Suite::embedded().unwrap();
    for oracle in ALL {
        for (nth, mut seed) in (oracle.seeds)(&suite).into_iter().enumerate() {
            let length = seed.len().max(1);
            if let Some(octet) = seed.get_mut(nth * 31 % length) {
                *octet = DAMAGE[nth % DAMAGE.len()];
            }
            hold(oracle, &seed);
        }
    }
}

#[test]
fn oracles_hold_for_every_regression() {
    for oracle in ALL {
        let folder = root().join("corpus/regressions").join(oracle.name);
        for path in files(&folder).unwrap() {
            hold(oracle, &fs::read(&path).unwrap());
        }
    }
}

#[test]
fn every_oracle_is_a_fuzz_target() {
    let targets: BTreeSet<String> = files(&root().join("fuzz/fuzz_targets"))
        .unwrap()
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    // A feature decides whether third_party is among them.
    let names = ALL.iter().map(|oracle| oracle.name).chain(["third_party"]);
    let oracles: BTreeSet<String> = names.map(str::to_owned).collect();
    assert_eq!(targets, oracles);
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for oracle in ALL {
        let source = root().join(format!("fuzz/fuzz_targets/{}.rs", oracle.name));
        let source = fs::read_to_string(source).unwrap();
        assert!(source.contains(&format!("{}::holds", oracle.name)), "{}", oracle.name);
        assert!(manifest.contains(&format!("name = \"{}\"", oracle.name)), "{}", oracle.name);
    }
}

fn hold(oracle: &Oracle, octets: &[u8]) {
    let held = catch_unwind(|| (oracle.holds)(octets)).is_ok();
    assert!(held, "{} does not hold for \"{}\"", oracle.name, octets.escape_ascii());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a folder; there need not be one.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
