//! The cases of the embedded vector files, found without parsing them.

use std::collections::BTreeMap;
use std::ops::Range;

use cookiespec_corpus::VECTORS;

use crate::case::Case;

/// Where everything is in the files of [`VECTORS`]. The build script writes it; it is `None` if
/// one of them is not JSON of the right form.
static INDEX: Option<Index> = include!(concat!(env!("OUT_DIR"), "/index.rs"));

struct Index {
    /// For each file, its member `about`: a string with its quotes.
    abouts: &'static [Range<usize>],
    /// In the order of the ids.
    cases: &'static [Entry],
}

struct Entry {
    id: &'static str,
    /// The position of the file in [`VECTORS`].
    file: usize,
    place: Range<usize>,
}

/// Every case, unparsed, in the order of the ids; `None` if there is no index.
pub(crate) fn cases() -> Option<Vec<Case>> {
    let case = |Entry { id, file, place }: &'static Entry| {
        Case::embedded(id, &VECTORS[*file].text[place.clone()])
    };
    Some(INDEX.as_ref()?.cases.iter().map(case).collect())
}

/// What each file says about its area; `None` if there is no index.
pub(crate) fn abouts() -> Option<BTreeMap<String, String>> {
    let abouts = VECTORS.iter().zip(INDEX.as_ref()?.abouts).map(|(file, place)| {
        let about = serde_json::from_str(&file.text[place.clone()]).ok()?;
        Some((file.area.to_owned(), about))
    });
    abouts.collect()
}
