//! Where the core differs from the reference on purpose: one module for each row of `DESIGN.md`, "Where we differ from the
//! reference", under the row's number.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/host/mod.rs"]
mod host;

mod d01_membership_is_journaled_first;
mod d02_a_failed_send_is_finished_by_a_retry;
mod d02_what_a_retry_makes_up_for;
mod d03_wakes_of_runs_that_are_away;
mod d04_keys_and_ids_of_messages_mean_one_thing;
mod d04_keys_and_ids_of_wakes_mean_one_thing;
mod d05_long_ids;
mod d06_numbers_of_failed_appends_are_used_again;
mod d07_cancelling_an_ended_wake;
mod d08_message_statuses;
mod d09_topics_of_current_members;
mod d10_wakes_ignore_queue_bounds;
mod d11_event_times_are_valid;
mod d12_correlation_is_found_by_filters;
mod d13_concurrent_calls_take_turns;
mod d14_obvious_fields_may_be_left_out;
