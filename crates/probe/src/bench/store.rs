//! The store of the application's sessions, where the descriptor says how it is reached.

use std::process::Command;

use super::Bench;
use crate::descriptor::Store;
use crate::template::Values;
use crate::trouble::{Trouble, TroubleKind};

impl Bench {
    /// How many sessions the store holds (`second.store.size`).
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer, or no number in it.
    pub fn store_size(&self) -> Result<u64, Trouble> {
        let size = self.store().and_then(|store| store.size.as_ref());
        let Some(size) = size else { return Err(missing("second.store.size")) };
        let found = self.saved("").find(size, &Values::default())?;
        found.as_deref().and_then(|count| count.trim().parse().ok()).ok_or_else(|| {
            Trouble::descriptor(
                format!("GET {}{}", self.site().origin(), size.path),
                format!("`second.store.size` found {found:?}"),
                "let group 1 of its capture match a number",
            )
        })
    }

    /// Lets the application remove what has expired, where the descriptor says how.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn purge(&self) -> Result<(), Trouble> {
        if let Some(purge) = self.store().and_then(|store| store.purge.as_ref()) {
            self.saved("").send(purge, &Values::default())?;
        }
        Ok(())
    }

    /// Stops the store (`second.store.stop`).
    ///
    /// # Errors
    /// [`Trouble`] where the command fails.
    pub fn stop_store(&self) -> Result<(), Trouble> {
        self.run("second.store.stop", self.store().and_then(|store| store.stop.as_deref()))
    }

    /// Starts the store again (`second.store.start`).
    ///
    /// # Errors
    /// [`Trouble`] where the command fails.
    pub fn start_store(&self) -> Result<(), Trouble> {
        self.run("second.store.start", self.store().and_then(|store| store.start.as_deref()))
    }

    fn store(&self) -> Option<&Store> {
        self.descriptor.second.as_ref()?.store.as_ref()
    }

    /// Runs a command of the descriptor to its end, in the descriptor's folder.
    fn run(&self, key: &str, words: Option<&[String]>) -> Result<(), Trouble> {
        let Some([program, arguments @ ..]) = words else { return Err(missing(key)) };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.descriptor.folder);
        let got = match command.output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                format!("it ended with {} and said: {said}", output.status)
            }
            Err(error) => error.to_string(),
        };
        Err(Trouble {
            request: format!("running {}", words.unwrap_or_default().join(" ")),
            got,
            advice: format!("correct `{key}`; it is run in the folder of the descriptor"),
            kind: TroubleKind::Descriptor,
        })
    }
}

fn missing(key: &str) -> Trouble {
    Trouble::descriptor("the store", "nothing says how", format!("add `{key}` to the descriptor"))
}
