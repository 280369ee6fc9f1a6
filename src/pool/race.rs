//! Waiting for a future, unless another one is ready first.

use std::future::{Future, poll_fn};
use std::pin::Pin;

/// The output of `work`; `None` if `end` is ready first. If `end` is ready already, the work is not polled at all.
pub(crate) fn unless<T>(
    mut end: impl Future<Output = ()> + Unpin,
    mut work: impl Future<Output = T> + Unpin,
) -> impl Future<Output = Option<T>> {
    poll_fn(move |context| {
        let end = Pin::new(&mut end).poll(context);
        if end.is_ready() {
            return end.map(|()| None);
        }
        Pin::new(&mut work).poll(context).map(Some)
    })
}

/// As [`unless`], but if both are ready, the output of the work counts.
pub(crate) fn before<T>(
    mut work: impl Future<Output = T> + Unpin,
    mut end: impl Future<Output = ()> + Unpin,
) -> impl Future<Output = Option<T>> {
    poll_fn(move |context| {
        let output = Pin::new(&mut work).poll(context);
        if output.is_ready() {
            return output.map(Some);
        }
        Pin::new(&mut end).poll(context).map(|()| None)
    })
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::port::poll_once;

    #[test]
    fn the_one_that_is_there_counts() {
        assert_eq!(poll_once(unless(pending(), ready(1))), Some(Some(1)));
        assert_eq!(poll_once(unless(ready(()), pending::<u8>())), Some(None));
        assert_eq!(poll_once(unless(pending(), pending::<u8>())), None);
        assert_eq!(poll_once(before(ready(1), pending())), Some(Some(1)));
        assert_eq!(poll_once(before(pending::<u8>(), ready(()))), Some(None));
        assert_eq!(poll_once(before(pending::<u8>(), pending())), None);
    }

    #[test]
    fn of_two_that_are_there_the_first_that_is_named_counts() {
        assert_eq!(poll_once(unless(ready(()), ready(1))), Some(None));
        assert_eq!(poll_once(before(ready(1), ready(()))), Some(Some(1)));
    }
}
