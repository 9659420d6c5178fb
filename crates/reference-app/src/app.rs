//! The application: its parts, and the router that serves its pages.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::routing::{get, post};
use axum::{Router, middleware};
use cookiespec_session::{
    Clock, ManualClock, SameSite, SessionError, SessionLayer, Sessions, Settings, Store,
};

use crate::faulty_store::{FaultyRandom, FaultyStore};
use crate::mutant::Mutant;
use crate::state::App;
use crate::{account, faulty_wire, guard, pages};

/// What the application is made of.
#[expect(missing_debug_implementations, reason = "stores and clocks need not implement it")]
pub struct Parts {
    /// The store of sessions.
    pub store: Arc<dyn Store>,
    /// The clock of sessions.
    pub clock: Arc<dyn Clock>,
    /// The settings of sessions.
    pub settings: Settings,
    /// The fault to switch on, if any.
    pub mutant: Option<Mutant>,
    /// The same clock as `clock`, if visitors may advance it with `POST /clock`, so that a probe
    /// need not wait.
    pub clock_control: Option<Arc<ManualClock>>,
}

/// The application as a service.
///
/// # Errors
/// [`SessionError::Cookie`] if the settings ask for a cookie that cannot be set.
pub fn router(parts: Parts) -> Result<Router, SessionError> {
    let Parts { mut store, clock, mut settings, mutant, clock_control } = parts;
    if let Some(mutant) = mutant {
        weaken(&mut settings, mutant);
        store = Arc::new(FaultyStore { inner: store, mutant });
    }
    // Starts at the current time, so that a restart does not repeat identifiers.
    let count = AtomicU64::new(clock.now().unsigned_abs());
    let mut sessions = Sessions::new(store, settings)?.with_clock(clock);
    if let Some(mutant) = mutant {
        sessions = sessions.with_random(Arc::new(FaultyRandom { mutant, count }));
    }
    let app = App::new(sessions.clone(), mutant);
    let mut router = Router::new()
        .route("/", get(pages::front_page))
        .route("/whoami", get(account::whoami))
        .route("/login", post(account::login))
        .route("/logout", post(account::logout))
        .route("/logout-everywhere", post(account::logout_everywhere))
        .route("/password", post(account::change_password))
        .route("/step-up", post(account::step_up))
        .route("/users/disable", post(account::disable))
        .route("/users/enable", post(account::enable))
        .route("/slow", get(pages::take_time))
        .route("/state", get(pages::read_state).post(pages::write_state))
        .route("/fail", post(pages::write_and_fail))
        .route("/visits", post(pages::count_visit))
        .route("/colour", get(pages::read_colour).post(pages::write_colour));
    if mutant == Some(Mutant::GetLogsOut) {
        router = router.route("/logout", get(account::logout));
    }
    let clock = clock_control
        .map(|clock| Router::new().route("/clock", post(pages::advance_clock)).with_state(clock));
    let mut router = router
        .with_state(Arc::new(app))
        .merge(clock.unwrap_or_default())
        .layer(SessionLayer::new(sessions))
        .layer(middleware::from_fn(guard::oversize));
    if mutant != Some(Mutant::ForeignRequests) {
        router = router.layer(middleware::from_fn(guard::foreign));
    }
    Ok(match mutant {
        Some(mutant) => {
            let wire = Arc::new(faulty_wire::Wire::new(mutant));
            router.layer(middleware::from_fn_with_state(wire, faulty_wire::pass))
        }
        None => router,
    })
}

/// Applies the mutants that are a matter of settings.
fn weaken(settings: &mut Settings, mutant: Mutant) {
    let cookie = &mut settings.cookie;
    match mutant {
        Mutant::DefaultName => "sessionid".clone_into(&mut cookie.name),
        Mutant::DomainAttribute => "__Secure-session".clone_into(&mut cookie.name),
        Mutant::NoAbsoluteTimeout => settings.absolute = Duration::from_secs(1 << 30),
        Mutant::NoSecure => {
            "app-session".clone_into(&mut cookie.name);
            cookie.secure = false;
        }
        Mutant::SameSiteNone => cookie.same_site = SameSite::None,
        Mutant::NoSameSite => cookie.same_site = SameSite::Default,
        Mutant::TimeoutInCookieOnly => cookie.persistent = true,
        _ => {}
    }
}
