//! The slot of a key, by which a cluster shares out its keys (the specification of Redis Cluster).

/// How many slots there are.
pub(crate) const SLOTS: u16 = 16_384;

/// The slot of a key: of what stands in its first braces, where something does.
pub(crate) fn hash_slot(key: &str) -> u16 {
    crc16(tag(key).unwrap_or(key).as_bytes()) % SLOTS
}

fn tag(key: &str) -> Option<&str> {
    let (_, rest) = key.split_once('{')?;
    let (tag, _) = rest.split_once('}')?;
    (!tag.is_empty()).then_some(tag)
}

/// CRC-16 with the polynomial 0x1021, as XMODEM has it.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| match sum & 0x8000 {
            0 => sum << 1,
            _ => (sum << 1) ^ 0x1021,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(crc16(b"123456789"), 0x31C3);
        // What `CLUSTER KEYSLOT` of Redis 7.0 answers.
        for (key, slot) in [
            ("", 0),
            ("foo", 12_182),
            ("bar", 5_061),
            ("user:{foo}:log", 12_182),
            ("{foo}{bar}", 12_182),
            ("{}foo", 9_500),
            ("a{b", 13_340),
            ("a}b{foo}", 12_182),
            ("{{foo}}", 13_308),
        ] {
            assert_eq!(hash_slot(key), slot, "{key}");
        }
    }
}
