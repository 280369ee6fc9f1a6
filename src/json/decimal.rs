//! Numbers in decimal digits.

/// Appends a number, with zeros in front if it has fewer than `digits` digits.
///
/// Written digit by digit: nearly every text has numbers, and with the formatting of the standard library these were two
/// thirds of what it takes to make a frame, counted in instructions.
pub(crate) fn push_decimal(text: &mut String, number: u64, digits: usize) {
    if number >= 10 || digits > 1 {
        push_decimal(text, number / 10, digits.saturating_sub(1));
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// A number as text.
pub(crate) fn decimal(number: u64) -> String {
    let mut text = String::new();
    push_decimal(&mut text, number, 1);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_is_written_as_everyone_writes_it(number: u64, shift in 0_u32..64, digits in 0_usize..25) {
            let number = number >> shift;
            let mut text = String::from("n");
            push_decimal(&mut text, number, digits);
            prop_assert_eq!(text, format!("n{number:0digits$}"));
            prop_assert_eq!(decimal(number), number.to_string());
        }
    }

    #[test]
    fn the_least_and_the_greatest_number_are_written_in_full() {
        assert_eq!(decimal(0), "0");
        assert_eq!(decimal(u64::MAX), "18446744073709551615");
    }
}
