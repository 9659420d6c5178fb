//! The browsers that can be driven.

/// A browser that can be driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chromium or Chrome in its headless mode: the whole browser without a window.
    Chromium,
    /// The headless shell of Chromium: its network and page code without the rest of the browser.
    ChromiumHeadlessShell,
    /// Firefox.
    Firefox,
    /// WebKitGTK's MiniBrowser.
    WebKit,
}

impl Browser {
    /// Every browser.
    pub const ALL: [Self; 4] =
        [Self::Chromium, Self::ChromiumHeadlessShell, Self::Firefox, Self::WebKit];

    /// The name of the target, such as `browser:firefox`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "browser:chromium",
            Self::ChromiumHeadlessShell => "browser:chromium-headless-shell",
            Self::Firefox => "browser:firefox",
            Self::WebKit => "browser:webkit",
        }
    }

    /// The browser of a target's name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|browser| browser.name() == name)
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::ChromiumHeadlessShell => "Chromium's headless shell",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKitGTK",
        }
    }

    /// The argument of `shims/setup` that installs it from a checkout.
    pub fn setup(self) -> &'static str {
        match self {
            Self::Chromium | Self::ChromiumHeadlessShell => "browsers/chromium",
            Self::Firefox => "browsers/firefox",
            Self::WebKit => "browsers/webkit",
        }
    }

    /// The program that speaks WebDriver for it.
    pub(super) fn server_name(self) -> &'static str {
        match self {
            Self::Chromium | Self::ChromiumHeadlessShell => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_browsers() {
        for browser in Browser::ALL {
            assert_eq!(Browser::named(browser.name()), Some(browser));
        }
        assert_eq!(Browser::named("browser:lynx"), None);
    }
}
