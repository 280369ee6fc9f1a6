//! SHA-256 as lower-case hexadecimal text.

use hmac_sha256::Hash;

use crate::domain::hexadecimal::hexadecimal;

/// The SHA-256 digest of `bytes`: 64 lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Hash::hash(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_published_test_vector() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
