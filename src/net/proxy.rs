//! The proxy a user's environment names.

use std::ffi::OsString;
use std::fmt;

/// A way to other machines. Its address may hold a password, so it is not printed.
#[derive(Clone)]
pub struct Proxy(pub(super) ureq::Proxy);

impl Proxy {
    /// What `HTTPS_PROXY`, `ALL_PROXY` or `HTTP_PROXY` name, large letters or small, less the hosts in `NO_PROXY`. `variable`
    /// reads one variable of the environment.
    #[must_use]
    pub fn of(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<Self> {
        let text = |name: &str| {
            let value = variable(name).or_else(|| variable(&name.to_lowercase()))?.into_string().ok()?;
            (!value.trim().is_empty()).then(|| value.trim().to_owned())
        };
        let named = ureq::Proxy::new(&["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].into_iter().find_map(text)?).ok()?;
        let mut builder = ureq::Proxy::builder(named.protocol()).host(named.host()).port(named.port());
        if let Some(name) = named.username() {
            builder = builder.username(name);
        }
        if let Some(password) = named.password() {
            builder = builder.password(password);
        }
        for host in text("NO_PROXY").unwrap_or_default().split(',').map(str::trim) {
            builder = builder.no_proxy(host);
        }
        builder.build().ok().map(Self)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}:{})", self.0.host(), self.0.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_proxy() {
        let variables = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        };
        assert!(Proxy::of(&variables(&[])).is_none());
        assert!(Proxy::of(&variables(&[("HTTPS_PROXY", "")])).is_none());
        let proxy = Proxy::of(&variables(&[
            ("https_proxy", "http://me:word@proxy.example:3128"),
            ("NO_PROXY", "localhost, .example.org"),
        ]))
        .unwrap();
        assert_eq!(format!("{proxy:?}"), "Proxy(proxy.example:3128)");
        assert!(proxy.0.is_no_proxy(&"http://localhost/".parse().unwrap()));
        assert!(proxy.0.is_no_proxy(&"http://a.example.org/".parse().unwrap()));
        assert!(!proxy.0.is_no_proxy(&"http://huggingface.co/".parse().unwrap()));
    }
}
