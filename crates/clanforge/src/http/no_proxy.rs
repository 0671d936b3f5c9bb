//! The hosts in `NO_PROXY`, which are reached without a proxy.

use std::net::IpAddr;

use url::Host;

/// Returns true if a list contains a host and port.
///
/// Entries are separated by commas or spaces, and case does not matter: `*` for everything, a domain with its subdomains
/// (`a.example`, `.a.example` and `*.a.example` mean the same), an address, or a network such as `10.0.0.0/8`. All but a
/// network may end with a port, and then match that port only.
pub(crate) fn contains(list: &str, host: &Host<&str>, port: u16) -> bool {
    let entries = list.split(|separator: char| separator == ',' || separator.is_whitespace());
    entries.filter(|entry| !entry.is_empty()).any(|entry| entry_matches(entry, host, port))
}

fn entry_matches(entry: &str, host: &Host<&str>, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    let address = match host {
        Host::Domain(name) => {
            let (domain, only_port) = split_port(entry);
            return only_port.is_none_or(|only| only == port) && is_below(name, domain);
        }
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address),
    };
    if let Some((network, bits)) = entry.split_once('/') {
        return is_within(address, network, bits);
    }
    // The last colon of an IPv6 address does not begin a port.
    let (text, only_port) = if parse_address(entry).is_some() { (entry, None) } else { split_port(entry) };
    only_port.is_none_or(|only| only == port)
        && parse_address(text).is_some_and(|listed| listed == address.to_canonical())
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    let split = entry.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    split.map_or((entry, None), |(host, port)| (host, Some(port)))
}

/// Returns true if `name` is the domain or a subdomain of it.
fn is_below(name: &str, domain: &str) -> bool {
    let domain = domain.strip_prefix('*').unwrap_or(domain);
    let domain = domain.trim_matches('.').to_ascii_lowercase();
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let rest = name.strip_suffix(&domain);
    !domain.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Returns true if an address is in a network.
fn is_within(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Some(network), Ok(bits)) = (parse_address(network), bits.parse::<u32>()) else { return false };
    match (address.to_canonical(), network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= u32::BITS => {
            (address.to_bits() ^ network.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= u128::BITS => {
            (address.to_bits() ^ network.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn is_listed(list: &str, url: &str) -> bool {
        let url = Url::parse(url).unwrap();
        contains(list, &url.host().unwrap(), url.port_or_known_default().unwrap())
    }

    #[test]
    fn every_form_of_an_entry_matches_its_hosts() {
        for (list, url) in [
            ("*", "https://a.example"),
            ("*", "https://192.0.2.7"),
            ("a.example", "https://a.example"),
            ("a.example", "https://b.a.example"),
            (".a.example", "https://b.a.example"),
            (".a.example", "https://a.example"),
            ("*.a.example", "https://b.a.example"),
            ("A.Example", "https://a.example"),
            ("a.example", "https://A.EXAMPLE"),
            ("a.example.", "https://a.example"),
            ("a.example", "https://a.example./"),
            ("b.example, a.example", "https://a.example"),
            ("b.example a.example", "https://a.example"),
            (" a.example ,", "https://a.example"),
            ("a.example:443", "https://a.example"),
            (".a.example:8443", "https://b.a.example:8443"),
            ("192.0.2.7", "https://192.0.2.7"),
            ("192.0.2.7:8080", "http://192.0.2.7:8080"),
            ("192.0.2.0/24", "https://192.0.2.7"),
            ("0.0.0.0/0", "https://192.0.2.7"),
            ("192.0.2.7/32", "https://192.0.2.7"),
            ("2001:db8::7", "https://[2001:db8::7]"),
            ("2001:DB8:0::7", "https://[2001:db8::7]"),
            ("[2001:db8::7]", "https://[2001:db8::7]"),
            ("[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
            ("2001:db8::/32", "https://[2001:db8::7]"),
            ("192.0.2.0/24", "https://[::ffff:192.0.2.7]"),
        ] {
            assert!(is_listed(list, url), "{list:?} does not match {url}");
        }
    }

    #[test]
    fn an_entry_matches_no_other_hosts() {
        for (list, url) in [
            ("", "https://a.example"),
            (" , ,", "https://a.example"),
            (".", "https://a.example"),
            ("a.example", "https://ba.example"),
            ("a.example", "https://a.example.org"),
            ("b.a.example", "https://a.example"),
            ("a.example:8443", "https://a.example"),
            ("https://a.example", "https://a.example"),
            ("192.0.2.7", "https://192.0.2.77"),
            ("192.0.2.7:8080", "https://192.0.2.7"),
            ("192.0.2.0/24", "https://192.0.3.7"),
            ("192.0.2.0/33", "https://192.0.2.7"),
            ("192.0.2.0/", "https://192.0.2.7"),
            ("0.0.0.0/0", "https://[2001:db8::7]"),
            ("2001:db8::/32", "https://[2001:db9::7]"),
            ("[2001:db8::7]:8443", "https://[2001:db8::7]"),
            ("192.0.2.0/24", "https://a.example"),
            ("2.7", "https://192.0.2.7"),
        ] {
            assert!(!is_listed(list, url), "{list:?} matches {url}");
        }
    }
}
