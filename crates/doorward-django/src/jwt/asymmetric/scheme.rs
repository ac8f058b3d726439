//! Our algorithms, by the names that AWS-LC has for them.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED,
    ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaSigningAlgorithm,
    EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaParameters, RsaSignatureEncoding,
};

use crate::jwt::Algorithm;

/// How RSA signs and verifies. With PSS the salt is as long as the digest (RFC 7518 §3.5).
pub(super) fn rsa(algorithm: Algorithm) -> Option<(&'static RsaSignatureEncoding, &'static RsaParameters)> {
    match algorithm {
        Algorithm::Rs256 => Some((&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256)),
        Algorithm::Rs384 => Some((&RSA_PKCS1_SHA384, &RSA_PKCS1_2048_8192_SHA384)),
        Algorithm::Rs512 => Some((&RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512)),
        Algorithm::Ps256 => Some((&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256)),
        Algorithm::Ps384 => Some((&RSA_PSS_SHA384, &RSA_PSS_2048_8192_SHA384)),
        Algorithm::Ps512 => Some((&RSA_PSS_SHA512, &RSA_PSS_2048_8192_SHA512)),
        _ => None,
    }
}

/// How ECDSA signs and verifies: `fixed` is r and s, one after the other (RFC 7518 §3.4).
pub(super) fn ecdsa(
    algorithm: Algorithm,
) -> Option<(
    &'static EcdsaSigningAlgorithm,
    &'static EcdsaVerificationAlgorithm,
)> {
    match algorithm {
        Algorithm::Es256 => Some((&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P256_SHA256_FIXED)),
        Algorithm::Es384 => Some((&ECDSA_P384_SHA384_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED)),
        Algorithm::Es512 => Some((&ECDSA_P521_SHA512_FIXED_SIGNING, &ECDSA_P521_SHA512_FIXED)),
        Algorithm::Es256k => Some((&ECDSA_P256K1_SHA256_FIXED_SIGNING, &ECDSA_P256K1_SHA256_FIXED)),
        _ => None,
    }
}
