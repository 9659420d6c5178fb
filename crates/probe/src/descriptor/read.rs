//! Reading a descriptor.

use std::fmt;
use std::path::Path;

use super::{Descriptor, RequestTemplate};
use crate::origin::Origin;

/// Why a descriptor cannot be used: which key, what is wrong with it, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptorError(pub(crate) String);

impl fmt::Display for DescriptorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DescriptorError {}

impl Descriptor {
    /// Reads a descriptor that lies in this folder.
    ///
    /// # Errors
    /// [`DescriptorError`] names the line or the key.
    pub fn read(text: &str, folder: &Path) -> Result<Self, DescriptorError> {
        let read = toml::from_str(text).map_err(|error| DescriptorError(error.to_string()));
        let descriptor = Self { folder: folder.to_owned(), ..read? };
        descriptor.check_accounts()?;
        descriptor.check_placeholders()?;
        descriptor.check_origin()?;
        descriptor.check_keys_that_go_together()?;
        Ok(descriptor)
    }

    /// The name in reports: `name`, or else the origin.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.origin)
    }

    fn check_accounts(&self) -> Result<(), DescriptorError> {
        if self.accounts.is_empty() {
            return Err(wrong("accounts", "it is empty; write at least one user and password"));
        }
        match &self.accounts[..] {
            [one, other, ..] if one.user == other.user => {
                Err(wrong("accounts", "the first two are the same user; the second has to differ"))
            }
            _ => Ok(()),
        }
    }

    fn check_placeholders(&self) -> Result<(), DescriptorError> {
        for (key, template) in self.templates() {
            if let Some(unknown) = template.unknown_placeholder() {
                return Err(wrong(key, &unknown.to_string()));
            }
            if !template.path.starts_with('/') {
                return Err(wrong(key, "the path has to start with \"/\""));
            }
        }
        Ok(())
    }

    fn check_origin(&self) -> Result<(), DescriptorError> {
        let is_open = self.origin.contains("{port}");
        match (is_open, &self.process) {
            (true, None) => {
                let what = "{port} needs a [process] that starts the application on it";
                Err(wrong("origin", what))
            }
            _ => Origin::parse(&self.origin.replace("{port}", "1"))
                .map(drop)
                .map_err(|error| wrong("origin", &error.to_string())),
        }
    }

    fn check_keys_that_go_together(&self) -> Result<(), DescriptorError> {
        if self.csrf.as_ref().is_some_and(|csrf| csrf.field.is_some() == csrf.header.is_some()) {
            return Err(wrong("csrf", "write either `field` or `header`: what carries the token"));
        }
        if self.process.as_ref().is_some_and(|process| process.start.is_empty()) {
            return Err(wrong("process.start", "it is empty; write a command and its arguments"));
        }
        let https = self.https.as_ref();
        if https.is_some_and(|https| https.origin.is_none() && https.headers.is_empty()) {
            let what = "write an `origin`, or the `headers` by which a trusted proxy says https";
            return Err(wrong("https", what));
        }
        Ok(())
    }

    /// Every request there is, with its key.
    fn templates(&self) -> Vec<(&'static str, RequestTemplate)> {
        let mut all = vec![("login", self.login.clone()), ("logout", self.logout.clone())];
        let mut page = |key, path: &str| all.push((key, RequestTemplate::get(path)));
        page("whoami", &self.whoami.path);
        for (key, plain) in
            [("public", &self.public), ("stateless", &self.stateless), ("hold", &self.hold)]
        {
            if let Some(plain) = plain {
                page(key, &plain.path);
            }
        }
        if let Some(state) = &self.state {
            page("state.get", &state.get.path);
        }
        if let Some(csrf) = &self.csrf {
            page("csrf.page", &csrf.page);
        }
        let mut request = |key, template: Option<&RequestTemplate>| {
            all.extend(template.map(|template| (key, template.clone())));
        };
        request("state.set", self.state.as_ref().map(|state| &state.set));
        request("error", self.error.as_ref());
        request("process.clock", self.process.as_ref().and_then(|it| it.clock.as_ref()));
        request("ops.change_password", self.ops.change_password.as_ref());
        request("ops.step_up", self.ops.step_up.as_ref());
        request("ops.logout_all", self.ops.logout_all.as_ref());
        request("ops.disable_user", self.ops.disable_user.as_ref());
        all
    }
}

fn wrong(key: &str, what: &str) -> DescriptorError {
    DescriptorError(format!("`{key}`: {what}"))
}
