//! Names that tell which framework made the cookie.

/// The name as it is known, and the framework; `None` where no framework is known to use it.
pub(super) fn is_default_name(name: &[u8]) -> Option<(&'static str, &'static str)> {
    let is_it = |(known, _): &&(&str, &str)| name.eq_ignore_ascii_case(known.as_bytes());
    let prefixed = |(known, _): &&(&str, &str)| name.starts_with(known.as_bytes());
    NAMES.iter().find(is_it).or_else(|| PREFIXES.iter().find(prefixed)).copied()
}

const NAMES: [(&str, &str); 26] = [
    (".AspNet.ApplicationCookie", "ASP.NET Identity"),
    (".AspNetCore.Cookies", "ASP.NET Core"),
    (".AspNetCore.Session", "ASP.NET Core"),
    (".ASPXAUTH", "ASP.NET"),
    ("ASP.NET_SessionId", "ASP.NET"),
    ("beaker.session.id", "Beaker"),
    ("CAKEPHP", "CakePHP"),
    ("CFID", "ColdFusion"),
    ("CFTOKEN", "ColdFusion"),
    ("CGISESSID", "CGI::Session"),
    ("ci_session", "CodeIgniter"),
    ("connect.sid", "express-session"),
    ("gorilla-session", "gorilla/sessions"),
    ("id", "actix-session and tower-sessions"),
    ("JSESSIONID", "Java servlets"),
    ("koa.sess", "koa-session"),
    ("koa:sess", "koa-session"),
    ("laravel_session", "Laravel"),
    ("mojolicious", "Mojolicious"),
    ("PHPSESSID", "PHP"),
    ("PLAY_SESSION", "Play"),
    ("rack.session", "Rack"),
    ("session", "Flask, scs and Starlette"),
    ("session_id", "Odoo and web.py"),
    ("sessionid", "Django"),
    ("SESSION", "Spring Session"),
];

const PREFIXES: [(&str, &str); 1] = [("ASPSESSIONID", "ASP")];
