//! Points in time as text.

use crate::json::push_decimal;

/// RFC 3339 text, in UTC, of a time in Unix milliseconds: `1970-01-01T00:00:10Z` when it is a whole second,
/// `1970-01-01T00:00:10.123Z` otherwise. Times after the year 9999, which RFC 3339 cannot write, are written as the
/// last millisecond of that year (DESIGN D11).
pub fn rfc3339(unix_millis: u64) -> String {
    /// 9999-12-31T23:59:59.999Z.
    const LAST: u64 = 253_402_300_799_999;
    let unix_millis = unix_millis.min(LAST);
    let (seconds, millis) = (unix_millis / 1000, unix_millis % 1000);
    let (days, second_of_day) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil_date(days);
    let (hour, minute, second) = (
        second_of_day / 3600,
        second_of_day / 60 % 60,
        second_of_day % 60,
    );
    let mut text = String::with_capacity("9999-12-31T23:59:59.999Z".len());
    let mut put = |number, digits, after| {
        push_decimal(&mut text, number, digits);
        text.push(after);
    };
    put(year, 4, '-');
    put(month, 2, '-');
    put(day, 2, 'T');
    put(hour, 2, ':');
    put(minute, 2, ':');
    put(second, 2, if millis == 0 { 'Z' } else { '.' });
    if millis > 0 {
        put(millis, 3, 'Z');
    }
    text
}

/// Year, month and day, in the Gregorian calendar, of a number of days since 1970-01-01.
fn civil_date(days: u64) -> (u64, u64, u64) {
    // Counting from 0000-03-01 puts the leap day at the end of the year, and 400 years always have as many days.
    const DAYS_FROM_YEAR_0_MARCH: u64 = 719_468;
    const DAYS_OF_400_YEARS: u64 = 146_097;
    let days = days + DAYS_FROM_YEAR_0_MARCH;
    let (era, day_of_era) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // From March on, the lengths of the months follow 153 days in 5 months.
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let month = if months_since_march < 10 {
        months_since_march + 3
    } else {
        months_since_march - 9
    };
    let year = 400 * era + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_written_as_everyone_writes_them() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (10_000, "1970-01-01T00:00:10Z"),
            (60_000, "1970-01-01T00:01:00Z"),
            (10_123, "1970-01-01T00:00:10.123Z"),
            (7, "1970-01-01T00:00:00.007Z"),
            (68_169_599_999, "1972-02-28T23:59:59.999Z"),
            (68_169_600_000, "1972-02-29T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_800_000, "2000-03-01T00:00:00Z"),
            (1_000_000_000_000, "2001-09-09T01:46:40Z"),
            (1_709_251_199_000, "2024-02-29T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (4_107_456_000_000, "2100-02-28T00:00:00Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(millis), text);
        }
    }

    #[test]
    fn every_day_follows_the_one_before_as_the_calendar_says() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..2_932_897 {
            assert_eq!(civil_date(days), (year, month, day));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + u64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (10_000, 1, 1));
    }
}
