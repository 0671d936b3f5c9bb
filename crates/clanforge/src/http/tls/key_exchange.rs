//! The key exchange over P-521, which ring lacks.
//!
//! In TLS 1.2 the curves that a client offers are also those of the certificates that it takes (RFC 8422, section 5.1): without
//! this one, OpenSSL refuses the handshake for a server with a P-521 key. It is offered last, so that it is used only with
//! servers that have no other.

use p521::elliptic_curve::point::AffineCoordinates;
use p521::elliptic_curve::sec1::ToSec1Point;
use p521::{PublicKey, SecretKey};
use rustls::crypto::{ActiveKeyExchange, SharedSecret, SupportedKxGroup, ring};
use rustls::ffdhe_groups::FfdheGroup;
use rustls::{Error, NamedGroup, PeerMisbehaved};

/// The length of a private key, in bytes.
const LENGTH: usize = 66;

/// The first byte of a point that is not compressed (SEC 1, section 2.3.3): the only form in TLS (RFC 8446, section 4.2.8.2).
const UNCOMPRESSED: u8 = 4;

pub(crate) static P521: &dyn SupportedKxGroup = &Group;

#[derive(Debug)]
struct Group;

impl SupportedKxGroup for Group {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let secret = random_key()?;
        let public = secret.public_key().to_sec1_point(false).as_bytes().into();
        Ok(Box::new(Exchange { secret, public }))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

fn random_key() -> Result<SecretKey, Error> {
    let random = ring::default_provider().secure_random;
    let mut bytes = [0; LENGTH];
    loop {
        random.fill(&mut bytes)?;
        // The order of the curve has 521 bits. Almost every 521-bit number is below it.
        bytes[0] &= 1;
        if let Ok(secret) = SecretKey::from_slice(&bytes) {
            return Ok(secret);
        }
    }
}

struct Exchange {
    secret: SecretKey,
    public: Box<[u8]>,
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let point = PublicKey::from_sec1_bytes(peer).ok().filter(|_| peer.first() == Some(&UNCOMPRESSED));
        let point = point.ok_or(PeerMisbehaved::InvalidKeyShare)?;
        let shared = (point.to_projective() * *self.secret.to_nonzero_scalar()).to_affine();
        Ok(SharedSecret::from(shared.x().as_slice()))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn group(&self) -> NamedGroup {
        P521.name()
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_derive_the_same_secret_of_the_whole_length() {
        let (client, server) = (P521.start().unwrap(), P521.start().unwrap());
        let (of_client, of_server) = (client.pub_key().to_vec(), server.pub_key().to_vec());
        let (first, second) = (client.complete(&of_server).unwrap(), server.complete(&of_client).unwrap());
        assert_eq!((first.secret_bytes(), first.secret_bytes().len()), (second.secret_bytes(), LENGTH));
    }

    #[test]
    fn what_is_no_uncompressed_point_of_the_curve_is_refused() {
        let good = P521.start().unwrap().pub_key().to_vec();
        let mut compressed = good[..=LENGTH].to_vec();
        compressed[0] = 2 + (good.last().unwrap() & 1);
        let mut beside = good.clone();
        *beside.last_mut().unwrap() ^= 1;
        for key in [compressed, beside, good[1..].to_vec(), vec![0], Vec::new()] {
            let refused = P521.start().unwrap().complete(&key).err();
            assert_eq!(refused, Some(PeerMisbehaved::InvalidKeyShare.into()), "{key:?}");
        }
        assert!(P521.start().unwrap().complete(&good).is_ok());
    }
}
