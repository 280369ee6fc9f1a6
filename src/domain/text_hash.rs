//! The hash of an id.

use std::sync::OnceLock;

use super::id_macro::MAX_ID_BYTES;

/// The longest text that is hashed in one piece: an id, or the place of a wake in the index of wakes, which is a letter,
/// the name of an event kind, a line break and an id. A tag, or a place with a tag, may be longer.
pub(crate) const LONGEST_TEXT: usize = MAX_ID_BYTES + 64;

/// How many words of eight bytes the longest text has, with the incomplete word at its end.
const MOST_WORDS: usize = LONGEST_TEXT / 8 + 1;

/// The random numbers that the hashes of an instance depend on. Others may choose ids, but not so that their hashes end
/// in the same slot.
struct HashKeys {
    words: [u64; MOST_WORDS],
    factor: u64,
}

impl HashKeys {
    fn of_instance() -> &'static Self {
        static KEYS: OnceLock<HashKeys> = OnceLock::new();
        KEYS.get_or_init(|| {
            let mut seed = [0; 8];
            // Without randomness ids are found all the same, but their hashes can be predicted.
            let _ = getrandom::fill(&mut seed);
            let mut random = fastrand::Rng::with_seed(u64::from_le_bytes(seed));
            Self {
                words: std::array::from_fn(|_| random.u64(..)),
                factor: random.u64(..) | 1,
            }
        })
    }

    /// What a word adds to the sum of its text.
    fn product(word: u64, key: u64) -> u64 {
        let lower = (word as u32).wrapping_add(key as u32);
        let upper = ((word >> 32) as u32).wrapping_add((key >> 32) as u32);
        u64::from(lower) * u64::from(upper)
    }

    /// The hash of a text. Any two texts have the same hash, or hashes that begin alike, about as rarely as by chance.
    /// The sum is the universal hash NH of UMAC (RFC 4418). Its upper bits are taken by multiply-shift hashing.
    fn hash(&self, bytes: &[u8]) -> u32 {
        if bytes.len() > LONGEST_TEXT {
            return self.hash_of_pieces(bytes);
        }
        let (words, rest) = bytes.as_chunks();
        let mut keys = self.words.iter();
        let mut sum = 0_u64;
        for (word, key) in words.iter().zip(&mut keys) {
            sum = sum.wrapping_add(Self::product(u64::from_le_bytes(*word), *key));
        }
        // No byte of an id is 0, so texts of different lengths have different words.
        let rest = rest
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte));
        let key = keys.next().copied().unwrap_or_default();
        sum = sum.wrapping_add(Self::product(rest, key));
        (sum.wrapping_mul(self.factor) >> 32) as u32
    }

    /// The hashes of the pieces of a long text are the coefficients of a polynomial.
    #[cold]
    fn hash_of_pieces(&self, bytes: &[u8]) -> u32 {
        let pieces = bytes.chunks(LONGEST_TEXT);
        let sum = pieces.fold(0, |sum: u64, piece| {
            let sum = sum.wrapping_mul(self.factor);
            sum.wrapping_add(self.hash(piece).into())
        });
        (sum.wrapping_mul(self.factor) >> 32) as u32
    }
}

/// The hash of a text in this instance.
pub(crate) fn hash(text: &str) -> u32 {
    HashKeys::of_instance().hash(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn texts_that_differ_by_the_same_bits_in_many_places_have_hashes_of_their_own() {
        const BLOCKS: u32 = 12;
        // Each block is one of two texts, which differ in these bytes.
        for differing in [[7, 11, 15], [3, 7, 15], [0, 8, 15], [7, 15, 15]] {
            let mut hashes = BTreeMap::<u32, u32>::new();
            for number in 0..1_u32 << BLOCKS {
                let mut text = "aaaaaaaabbbbbbbb".repeat(BLOCKS as usize).into_bytes();
                for block in 0..BLOCKS as usize {
                    let letter = if number >> block & 1 == 1 { b'p' } else { b'0' };
                    for at in differing {
                        text[block * 16 + at] = letter;
                    }
                }
                let text = String::from_utf8(text).unwrap();
                *hashes.entry(hash(&text)).or_default() += 1;
            }
            assert!(hashes.into_values().max() < Some(4), "{differing:?}");
        }
    }

    #[test]
    fn a_text_counts_to_its_end_however_long_it_is() {
        for length in [LONGEST_TEXT, LONGEST_TEXT + 1, 10 * LONGEST_TEXT] {
            let text = "a".repeat(length);
            assert_ne!(hash(&text), hash(&format!("{}b", &text[1..])));
            assert_ne!(hash(&text[1..]), hash(&format!("{}b", &text[2..])));
        }
    }

    #[test]
    fn the_last_letters_in_another_order_make_another_hash() {
        for [one, other] in [["ab", "ba"], ["run.12", "run.21"], ["a", "aa"]] {
            assert_ne!(hash(one), hash(other));
        }
    }

    #[test]
    fn pieces_of_a_long_text_in_another_order_make_another_hash() {
        let [a, b] = ["a", "b"].map(|letter| letter.repeat(LONGEST_TEXT));
        assert_ne!(hash(&format!("{a}{b}")), hash(&format!("{b}{a}")));
    }
}
