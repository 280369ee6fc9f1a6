//! What the commands have in common in reading their arguments.

use std::fmt::{self, Display, Formatter};

/// Arguments that a command does not take. The exit code says so: it is 2.
#[derive(Debug)]
pub struct Misuse(pub String);

impl Display for Misuse {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

/// Whether the arguments ask what the command does, whatever else they say.
pub fn ask_for_help(arguments: &[String]) -> bool {
    arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
}

/// Which of the `known` flags are among the arguments; anything else there is an error.
pub fn flags<const N: usize>(arguments: &[String], known: [&str; N]) -> Result<[bool; N], Misuse> {
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| !known.contains(&argument.as_str()))
    {
        return Err(Misuse(format!(
            "this command takes no argument `{unknown}`; with `--help` it lists what it takes"
        )));
    }
    Ok(known.map(|flag| arguments.iter().any(|argument| argument == flag)))
}

#[cfg(test)]
mod tests {
    use super::{ask_for_help, flags};

    #[test]
    fn flags_are_found_in_any_order_and_others_are_refused() {
        let arguments = ["--b".to_owned()];
        assert_eq!(flags(&arguments, ["--a", "--b"]).unwrap(), [false, true]);
        assert!(flags(&arguments, ["--a"]).is_err());
    }

    #[test]
    fn help_may_be_asked_for_among_other_arguments() {
        let asked =
            |given: &str| ask_for_help(&given.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(asked("--dev --help"));
        assert!(asked("-h"));
        assert!(!asked("--dev"));
    }
}
