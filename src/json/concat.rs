//! Joining texts.

/// The texts, one after the other. (The standard `concat` is a join with any separator, and a kilobyte of code.)
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}
