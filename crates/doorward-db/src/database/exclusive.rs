//! The numbers of the locks that [`Transaction::exclusive`](super::Transaction::exclusive) holds.

use super::Value;

/// A number for each key, each once and in order: all transactions take them in the same one, so that no two wait for
/// each other.
pub(super) fn numbers(keys: &[&str]) -> Vec<Value> {
    let mut numbers: Vec<_> = keys.iter().map(|key| number(key)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(Value::Int).collect()
}

/// FNV-1a, which is the same in every process and release. What comes before the key sets our locks apart from those of
/// other programs on the same database.
fn number(key: &str) -> i64 {
    let bytes = "doorward\0".bytes().chain(key.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_one_number_each_in_any_order() {
        let (one, other) = (numbers(&["a", "b", "a"]), numbers(&["b", "a"]));
        assert_eq!(one.len(), 2);
        assert!(one == other);
        assert_ne!(number("a"), number("b"));
        assert_eq!(number(""), number(""));
    }
}
